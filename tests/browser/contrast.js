// Return the texts whose contrast with their ground is less than `least`,
// by the formula of the Web Content Accessibility Guidelines.
(least) => {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);

  const ground = (element) => {
    for (let x = element; x; x = x.parentElement) {
      const colour = numbers(getComputedStyle(x).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };

  const linear = (part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;

  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const contrast = (element) => {
    const [dark, light] = [numbers(getComputedStyle(element).color),
      ground(element)].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  const hasText = (element) =>
    element.checkVisibility() && !element.closest('.headerlink') &&
    [...element.childNodes].some((x) => x.nodeType === 3 && x.data.trim());

  const pale = [...document.querySelectorAll('article, article *')]
    .filter((element) => hasText(element) && contrast(element) < least);
  return pale.map((element) => element.textContent.slice(0, 40));
}
