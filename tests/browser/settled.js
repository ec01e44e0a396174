// Tell whether a page has all that is loaded after its text: formulas, which
// are set piece by piece, and fonts.
() =>
  document.fonts.status === 'loaded' &&
  [...document.querySelectorAll('.math')].every((formula) =>
    formula.matches('.set'))
