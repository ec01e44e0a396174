// Tell whether a page has all that is loaded after its text: formulas, which
// are set piece by piece, fonts, and pictures that wait until they are seen.
() => {
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = 'eager';
  return document.fonts.status === 'loaded' &&
    pictures.every(({complete}) => complete) &&
    [...document.querySelectorAll('.math')].every((formula) =>
      formula.matches('.set'));
}
