// On a narrow screen a picture is a button that shows it in full size. Figures
// that move stay as they are.
'use strict';

{
  const narrow = matchMedia('(max-width: 48em)');
  const dialog = document.querySelector('dialog.enlarged');

  function enlarge({currentTarget}) {
    const picture = currentTarget.querySelector('img').cloneNode();
    picture.removeAttribute('style');
    picture.removeAttribute('loading');
    dialog.querySelector('figure').replaceChildren(picture);
    dialog.showModal();
  }

  function prepare() {
    if (!narrow.matches) return restore();
    for (const picture of document.querySelectorAll(
      ':is(figure, div.cell_output) img:not([src*="/moving-"])')) {
      if (picture.closest('button, a, dialog')) continue;
      const button = document.createElement('button');
      Object.assign(button, {type: 'button', className: 'enlarge'});
      button.setAttribute('aria-haspopup', 'dialog');
      button.addEventListener('click', enlarge);
      picture.replaceWith(button);
      button.append(picture);
    }
  }

  function restore() {
    for (const button of document.querySelectorAll('button.enlarge')) {
      button.replaceWith(button.firstChild);
    }
  }

  prepare();
  narrow.addEventListener('change', prepare);
}
