// Sets the formulas with MathJax: when the page has been shown, and piece
// by piece, so that a slow phone can scroll meanwhile.
'use strict';

const PIECE = 20; // formulas
const here = document.currentScript.src;
const page = document.documentElement.classList;

function pause() {
  return new Promise(resolve => setTimeout(resolve));
}

// What is wider than the page scrolls, by keyboard, too.
const wide = new ResizeObserver(entries => {
  for (const {target} of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute('tabindex');
  }
});

async function setFormulas() {
  const formulas = [...document.querySelectorAll('.math')];
  while (formulas.length) {
    const piece = formulas.splice(0, PIECE);
    await MathJax.typesetPromise(piece);
    for (const formula of piece) {
      formula.classList.add('set');
      const box = formula.querySelector('mjx-container[display]');
      if (box) wide.observe(box);
    }
    await pause();
  }
}

function loadMathJax() {
  const script = document.createElement('script');
  script.src = new URL('mathjax/startup.js', here);
  script.onerror = () => page.add('no-mathjax');
  document.head.append(script);
}

if (document.querySelector('.math')) {
  MathJax.startup = {pageReady: setFormulas};
  requestAnimationFrame(() => setTimeout(loadMathJax));
}
