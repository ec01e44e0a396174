// What the tests want to know of a page that stands in the browser.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map((element) => element.id);
  const prose = document.querySelector('article').cloneNode(true);
  for (const other of prose.querySelectorAll('code, pre, mjx-container')) {
    other.remove();
  }
  const failed = (formula) =>
    formula.querySelector('mjx-merror') || formula.textContent.includes('\\');
  return {
    lang: document.documentElement.lang,
    titles: all('h1').filter((title) => title.checkVisibility()).length,
    repeated: ids.filter((id, place) => ids.indexOf(id) !== place),
    images: all('img').map(({alt, naturalWidth}) => [alt, naturalWidth]),
    decorative: all('img.thumbnail').map(({alt}) => alt),
    formulas: all('mjx-container').length,
    failed: all('mjx-container').filter(failed).map((x) => x.textContent),
    tex: prose.textContent.match(/\\[a-z()[\]]|\$/gi) || [],
  };
}
