// Wakes the figures that move. Until a figure comes near the screen, a page
// has its picture alone, moving-NAME.svg; then NAME.js takes its place. If
// that cannot be loaded, the picture stays.
'use strict';

{
  const here = document.currentScript.src;
  const loading = {};

  // Load a script that stands beside this one, once.
  function load(file) {
    loading[file] ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      Object.assign(script, {src: new URL(file, here), onload: resolve,
        onerror: reject});
      document.head.append(script);
    });
    return loading[file];
  }

  async function wake(picture) {
    const [, name] = picture.src.match(/moving-([a-z-]+)\.svg/);
    await load('frame.js');
    await load(`${name}.js`);
    globalThis.moving.place(name, picture);
  }

  const observer = new IntersectionObserver(entries => {
    for (const {isIntersecting, target} of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      wake(target).catch(() => {}); // the browser tells of it
    }
  }, {rootMargin: '400px'});
  for (const picture of document.querySelectorAll(
    'figure img[src*="/moving-"]')) observer.observe(picture);
}
