// A window of nine weights slides over the trousers of the chapter.
'use strict';

{
  const {panel, tag, label, fixed, plain} = moving;
  const SIZE = 28, SIDE = 3, CELL = 6;
  // Fashion-MNIST, test set, picture 2: a byte for each pixel
  const BYTES = atob(
    'AAAAAAAAAAABAEOxgZl1gZKNrwAAAAAAAAAAAAAAAAAAAAAAAgDE////8fv/9f9MAAAAAA' +
    'AAAAAAAAAAAAAAAAAA8+3Z5Ofe2tv/dAAAAAAAAAAAAAAAAAAAAAAAAP/r5+ni4eXe/5EA' +
    'AAAAAAAAAAAAAAAAAAAAABf/5uXp5eHj3fGnAAAAAAAAAAAAAAAAAAAAAABD/+Hq5+Lj5O' +
    'DquwAAAAAAAAAAAAAAAAAAAAAAcvnZ6+714+Ph8bAAAAAAAAAAAAAAAAAAAAAAAKf34+f6' +
    'yPjn4PuTAAAAAAAAAAAAAAAAAAAAAADQ8uHz4QD/6eL/gQAAAAAAAAAAAAAAAAAAAAAA3+' +
    '7f/6EA/+zf/4cAAAAAAAAAAAAAAAAAAAAAAPXr3v9IAPj+2f+RAAAAAAAAAAAAAAAAAAAA' +
    'AAD/6eL/BwC/+Nz/fgAAAAAAAAAAAAAAAAAAAAAA/+nn+wAAn/vd/28AAAAAAAAAAAAAAA' +
    'AAAAAAAP/o7NgAAIP93P9vAAAAAAAAAAAAAAAAAAAAAAD/5POsAAA5+d7/bwAAAAAAAAAA' +
    'AAAAAAAAAAAA/+b0iwAACv/j/2QAAAAAAAAAAAAAAAAAAAAAAOPt8nEAAAb/5v9ZAAAAAA' +
    'AAAAAAAAAAAAAAAADM7/WXAAAA/+P/YwAAAAAAAAAAAAAAAAAAAAAAl/XuxgAAAP/q/1wA' +
    'AAAAAAAAAAAAAAAAAAAAAFn46fgAAAD87f9aAAAAAAAAAAAAAAAAAAAAAAAf8OXiAAAA7+' +
    '7/XAAAAAAAAAAAAAAAAAAAAAAAAOLp7SIAAOru/18AAAAAAAAAAAAAAAAAAAAAAADp7PRE' +
    'AADR8e1iAAAAAAAAAAAAAAAAAAAAAAEAmPL1gAAAxvHuUQAAAAAAAAAAAAAAAAAAAAACAE' +
    'n28dMAAMrw7UoAAAAAAAAAAAAAAAAAAAAABAAA5ezRAACe9+5jAAAAAAAAAAAAAAAAAAAA' +
    'AAEAAMf/9zoAof/8dwAAAAAAAAAAAAAAAAAAAAAAAABin0cAAESwpDoAAAAAAAAAAA==');
  const IMAGE = Array.from({length: SIZE}, (_, i) => Array.from(
    {length: SIZE}, (_, j) => BYTES.charCodeAt(SIZE * i + j) / 255));
  const VERTICAL = [1, 0, -1, 1, 0, -1, 1, 0, -1];
  const HORIZONTAL = [1, 1, 1, 0, 0, 0, -1, -1, -1];
  const BLUR = Array(9).fill(0.111);
  const SHARP = [0, -1, 0, -1, 5, -1, 0, -1, 0];

  // Put rows and columns of zeros around an image.
  function pad(image, padding) {
    const width = image[0].length + 2 * padding;
    const zeros = Array.from({length: padding}, () => Array(width).fill(0));
    const side = Array(padding).fill(0);
    return [...zeros, ...image.map(row => [...side, ...row, ...side]),
      ...zeros];
  }

  // Return the nine numbers in the window, row by row.
  const seen = (padded, i, j) => padded.slice(i, i + SIDE).flatMap(row =>
    row.slice(j, j + SIDE));

  const width = (n, padding, stride) =>
    Math.floor((n + 2 * padding - SIDE) / stride) + 1;

  function convolve(image, kernel, stride, padding) {
    const padded = pad(image, padding);
    const places = Array.from(
      {length: width(image.length, padding, stride)}, (_, i) => i * stride);
    return places.map(i => places.map(j => seen(padded, i, j).reduce(
      (sum, x, k) => sum + x * kernel[k], 0)));
  }

  // Draw numbers from -1 to 1 as cells: one path for each level, with runs
  // of equal cells in one piece.
  function cells(rows, size, colours) {
    const paths = {};
    rows.forEach((row, i) => {
      const levels = row.map(x => Math.round(x * 12));
      for (let j = 0, end; j < row.length; j = end) {
        for (end = j + 1; levels[end] === levels[j];) end++;
        if (!levels[j]) continue;
        const run = (end - j) * size;
        paths[levels[j]] = `${paths[levels[j]] ?? ''}M${j * size} ${
          i * size}h${run}v${size}h-${run}z`;
      }
    });
    return Object.entries(paths).map(([level, d]) => tag('path', {d,
      fill: colours[level > 0 ? 1 : 0],
      'fill-opacity': Math.abs(level) / 12}));
  }

  // Return a picture in the middle of a panel, with a frame in it.
  function picture(rows, frame, ground, colours, line) {
    const side = rows.length * CELL;
    const at = (220 - side) / 2;
    return tag('g', {transform: `translate(${at} ${at + 20})`,
      'shape-rendering': 'crispEdges'}, [
      tag('rect', {width: side, height: side, fill: ground, stroke: line}),
      ...cells(rows, CELL, colours), frame].join('\n'));
  }

  const box = (i, j, size, ink) => tag('rect', {x: j * CELL, y: i * CELL,
    width: size * CELL, height: size * CELL, fill: 'none',
    stroke: ink.orange, 'stroke-width': 2.5});

  function input({padding, stride, row, column}, words, ink) {
    const edge = tag('rect', {x: padding * CELL, y: padding * CELL,
      width: SIZE * CELL, height: SIZE * CELL, fill: 'none',
      stroke: ink.muted, 'stroke-dasharray': padding ? '4 3' : 'none'});
    return [label(110, 14, words.input, ink.text,
      {'font-size': 15}),
      picture(pad(IMAGE, padding),
        edge + box(row * stride, column * stride, SIDE, ink), '#000',
        ['#fff', '#fff'], ink.line)];
  }

  function output(map, {row, column}, words, ink) {
    const largest = Math.max(1e-9, ...map.flat().map(Math.abs));
    const share = map.map(line => line.map(x => x / largest));
    return [label(110, 14, words.output, ink.text,
      {'font-size': 15}),
      picture(share, box(row, column, 1, ink), '#fff',
        ['#2166ac', '#b2182b'], ink.line)];
  }

  function sum(numbers, kernel, total, words, ink) {
    return [label(105, 14, words.sum, ink.text),
      numbers.map((x, k) => {
        const [left, top] = [6 + 67 * (k % SIDE),
          26 + 54 * Math.floor(k / SIDE)];
        return [
          tag('rect', {x: left, y: top, width: 63, height: 48, rx: 4,
            fill: ink.soft, stroke: ink.line}),
          label(left + 31, top + 20, fixed(x, 2), ink.text),
          label(left + 31, top + 39, `× ${plain(kernel[k])}`, ink.muted)];
      }),
      label(105, 210, `Σ = ${fixed(total, 2)}`, ink.text,
        {'font-size': 17, 'font-weight': 'bold'})];
  }

  // The window stays on the picture.
  function settle(state) {
    const last = width(SIZE, state.padding, state.stride) - 1;
    return {...state, row: Math.min(state.row, last),
      column: Math.min(state.column, last)};
  }

  const computed = ({kernel, stride, padding}) =>
    convolve(IMAGE, kernel, stride, padding);
  const preset = (name, kernel) =>
    ({kind: 'button', name, act: () => ({kernel})});

  moving.define('convolution', {
    words: {
      en: {title: 'A window on a picture of trousers, the feature map, and ' +
          'the sum at the place of the window',
      kernel: 'kernel', kernelLabel: k => `weight in row ${
        Math.floor(k / 3)}, column ${k % 3}`,
      row: 'row of the window', column: 'column of the window',
      stride: 'stride', padding: 'padding', vertical: 'Vertical edges',
      horizontal: 'Horizontal edges', blur: 'Blur', sharp: 'Sharpen',
      input: 'input', output: 'feature map', sum: 'the window: pixel × weight',
      told: ({size, row, column, total}) => `The feature map has ${size} × ` +
          `${size} numbers; in row ${row}, column ${column} stands ${total}.`},
      zh: {title: '裤子图片上的窗口、特征图，以及窗口所在位置的和',
        kernel: '卷积核', kernelLabel: k => `第${Math.floor(k / 3)}行第${
          k % 3}列的权重`,
        row: '窗口的行', column: '窗口的列', stride: '步幅', padding: '填充',
        vertical: '竖直边缘', horizontal: '水平边缘', blur: '模糊',
        sharp: '锐化', input: '输入', output: '特征图',
        sum: '窗口里：像素 × 权重',
        told: ({size, row, column, total}) => `特征图有${size} × ${size}个数，` +
          `第${row}行第${column}列是${total}。`},
    },
    start: {kernel: VERTICAL, stride: 1, padding: 0, row: 14, column: 8},
    controls: [
      {kind: 'range', name: 'row', min: 0, max: 29, step: 1},
      {kind: 'range', name: 'column', min: 0, max: 29, step: 1},
      {kind: 'range', name: 'stride', min: 1, max: 3, step: 1},
      {kind: 'range', name: 'padding', min: 0, max: 2, step: 1},
      {kind: 'numbers', name: 'kernel', columns: 3, step: 'any'},
      preset('vertical', VERTICAL), preset('horizontal', HORIZONTAL),
      preset('blur', BLUR), preset('sharp', SHARP)],
    formulas: {convolve, image: () => IMAGE},
    settle,
    // A touch of the input puts the window there.
    touch(index, x, y, {padding, stride}) {
      if (index) return {};
      const start = (220 - (SIZE + 2 * padding) * CELL) / 2;
      const place = (at, offset) => Math.max(0, Math.round(
        ((at - start - offset) / CELL - SIDE / 2) / stride));
      return {row: place(y, 20), column: place(x, 0)};
    },
    panels(state, words, ink) {
      const map = computed(state);
      const numbers = seen(pad(IMAGE, state.padding),
        state.row * state.stride, state.column * state.stride);
      return [
        panel(220, 240, input(state, words, ink)),
        panel(220, 240, output(map, state, words, ink)),
        panel(210, 240, sum(numbers, state.kernel,
          map[state.row][state.column], words, ink))];
    },
    tell(state, words) {
      const map = computed(state);
      const total = fixed(map[state.row][state.column], 2);
      return words.told({size: map.length, row: state.row,
        column: state.column, total});
    },
  });
}
