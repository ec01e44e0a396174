// Ten predictions minus ten labels, of the shape (10,) or (10, 1).
'use strict';

{
  const {plot, panel, tag, label, fixed, short} = moving;
  // The first mini-batch of the chapter, and the true bias
  const X = [[1.990502, 0.331208], [-1.713284, 0.089907],
    [-2.064443, 0.507654], [1.978246, -2.09054], [2.008508, -1.35427],
    [-0.250426, -0.450375], [-0.847428, 0.918811], [0.116244, 0.162801],
    [-0.178495, -0.140607], [2.071958, 0.291378]];
  const LABELS = [7.059462, 0.467185, -1.65117, 15.254026, 12.808898,
    5.215756, -0.623703, 3.89249, 4.32575, 7.352827];
  const [WIDE, HIGH, TOP] = [23, 18, 44];

  // Predict with weights that are `share` times the true ones.
  const predict = share =>
    X.map(([x1, x2]) => share * (2 * x1 - 3.4 * x2) + 4.2);

  // Return y_hat - y, with y_hat of the shape (10, 1), as rows.
  const difference = (predictions, labels, shape) =>
    predictions.map((prediction, i) => shape === 'Row' ?
      labels.map(y => prediction - y) : [prediction - labels[i]]);

  function meanSquare(rows) {
    const all = rows.flat();
    return all.reduce((sum, e) => sum + e ** 2, 0) / all.length;
  }

  const loss = (share, shape) =>
    meanSquare(difference(predict(share), LABELS, shape));

  function cell(x, y, value, ink) {
    return tag('rect', {x, y, width: WIDE, height: HIGH, stroke: ink.line,
      fill: value < 0 ? ink.blue : ink.orange,
      'fill-opacity': Math.min(0.85, Math.abs(value) / 14)});
  }

  function table({shape, share}, ink) {
    const predictions = predict(share);
    const rows = difference(predictions, LABELS, shape);
    const left = shape === 'Row' ? 84 : 148;
    const number = (x, y, value) => label(x, y, fixed(value, 1), ink.text,
      {'font-size': 9.5});
    return [
      label(46, 20, 'ŷ', ink.text),
      shape === 'Row' ? label(66, TOP - 8, 'y', ink.text) :
        label(96, 20, 'y', ink.text),
      label(left + WIDE * rows[0].length / 2, 20, 'ŷ − y', ink.text),
      predictions.map((value, i) => number(46, TOP + HIGH * i + 13, value)),
      LABELS.map((value, i) => shape === 'Row' ?
        number(left + WIDE * (i + 0.5), TOP - 8, value) :
        number(96, TOP + HIGH * i + 13, value)),
      rows.map((row, i) => row.map((value, j) =>
        cell(left + WIDE * j, TOP + HIGH * i, value, ink)))];
  }

  function curves({shape, share}, words, ink) {
    const place = plot({x: [-0.25, 1.25], y: [0, 80]});
    const shares = Array.from({length: 61}, (_, i) => -0.25 + i / 40);
    return [place.axes(ink, {title: words.loss, xlabel: words.weights,
      xticks: [0, 0.5, 1], yticks: [0, 20, 40, 60, 80]}),
    ['Row', 'Column'].map(name => {
      const colour = name === 'Row' ? ink.orange : ink.blue;
      return place.inside(
        place.line(shares.map(x => [x, loss(x, name)]), colour,
          {'stroke-dasharray': name === shape ? 'none' : '4 4'}),
        place.dots(name === shape ? [[share, loss(share, name)]] : [],
          colour, 5));
    }),
    label(place.px(0.22), place.py(34), 'y: (10,)', ink.text),
    label(place.px(0.85), place.py(10), 'y: (10, 1)', ink.text)];
  }

  moving.define('broadcasting', {
    words: {
      en: {title: 'The difference of predictions and labels as a table, ' +
          'and the mean loss against the weights',
      shape: 'shape of the labels y', shapeRow: '(10,)',
      shapeColumn: '(10, 1)', share: 'weights, as a share of the true ones',
      loss: 'mean squared error', weights: 'share of the true weights',
      told: (count, value) => `ŷ − y has the shape (10, ${count}); the mean ` +
          `of its squares is ${value}.`},
      zh: {title: '预测值与标签之差的表，以及平均损失随权重的变化',
        shape: '标签y的形状', shapeRow: '(10,)', shapeColumn: '(10, 1)',
        share: '权重是真实权重的多少倍', loss: '均方误差',
        weights: '真实权重的倍数',
        told: (count, value) => `ŷ − y的形状是(10, ${count})，平方的平均值是` +
          `${value}。`},
    },
    start: {shape: 'Row', share: 1},
    controls: [
      {kind: 'choice', name: 'shape', options: ['Row', 'Column']},
      {kind: 'range', name: 'share', min: -0.25, max: 1.25, step: 0.05,
        show: value => fixed(value, 2)}],
    formulas: {predict, difference, meanSquare, loss},
    panels: (state, words, ink) => [
      panel(320, 240, table(state, ink)),
      panel(320, 240, curves(state, words, ink))],
    tell: ({shape, share}, words) =>
      words.told(shape === 'Row' ? 10 : 1, short(loss(share, shape))),
  });
}
