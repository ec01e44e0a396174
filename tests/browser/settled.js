// Tell whether all formulas of a page are drawn.
() =>
  [...document.querySelectorAll('.math')].every((formula) =>
    formula.querySelector('mjx-container'))
