// Cards on terms: the word of the other edition, where it is introduced.
'use strict';

{
  const card = document.createElement('div');
  Object.assign(card, {id: 'term-card', role: 'tooltip', popover: 'manual'});
  const lang = document.documentElement.lang === 'en' ? 'zh-CN' : 'en';
  let shown, tapped, leaving;

  function show(term) {
    if (shown === term) return;
    hide();
    shown = term;
    const {other, page} = term.dataset;
    const word = document.createElement('span');
    Object.assign(word, {lang, textContent: other});
    card.replaceChildren(`${term.textContent} · `, word, `\n${page}`);
    term.setAttribute('aria-describedby', card.id);
    card.showPopover();
    place();
  }

  function place() {
    const {left, top, bottom} = shown.getClientRects()[0];
    const room = document.body.clientWidth - card.offsetWidth - 8;
    const below = bottom + card.offsetHeight < innerHeight;
    card.style.left = `${Math.max(8, Math.min(left, room))}px`;
    card.style.top = `${below ? bottom : top - card.offsetHeight}px`;
  }

  function hide() {
    shown?.removeAttribute('aria-describedby');
    shown = null;
    card.hidePopover();
  }

  const on = (kind, act) => addEventListener(kind, event =>
    act(event, event.target.closest?.('a.term')));

  if (document.querySelector('a.term') && card.showPopover) {
    document.body.append(card);
    on('pointerover', ({pointerType, target}, term) => {
      if (pointerType === 'touch') return;
      clearTimeout(leaving);
      if (term) show(term);
      else if (!card.contains(target)) leaving = setTimeout(hide, 200);
    });
    on('pointerdown', ({pointerType}, term) => {
      tapped = pointerType === 'touch' && term !== shown && term;
    });
    on('click', (event, term) => {
      if (!tapped) return;
      event.preventDefault(); // the second tap follows the link
      tapped = null;
      show(term);
    });
    on('focusin', ({target}, term) =>
      target.matches('a:focus-visible') && term ? show(term) : hide());
    on('scroll', () => // Tab scrolls to a term, and its card goes along
      shown?.matches(':focus-visible') ? place() : hide());
    on('keydown', ({key}) => key === 'Escape' && hide());
  }
}
