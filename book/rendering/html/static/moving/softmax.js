// Ten scores and an offset: the plain softmax overflows, the stable one
// does not. All numbers are rounded to float32, as in the chapter.
'use strict';

{
  const {plot, panel, tag, label, fixed, short} = moving;
  const f = Math.fround;

  const sum = values => values.reduce((total, x) => f(total + x), 0);

  function softmax(scores) {
    const exp = scores.map(x => f(Math.exp(f(x))));
    const total = sum(exp);
    return exp.map(x => f(x / total));
  }

  const crossEntropy = (probs, y) => f(-Math.log(probs[y]));

  function logSoftmax(scores) {
    const largest = Math.max(...scores.map(f));
    const shifted = scores.map(x => f(f(x) - largest));
    const total = sum(shifted.map(x => f(Math.exp(x))));
    return shifted.map(x => f(x - f(Math.log(total))));
  }

  const shifted = ({scores, offset}) => scores.map(x => x + offset);

  function bars(probs, y, title, words, ink) {
    const place = plot({x: [-0.6, 9.6], y: [0, 1]});
    const bottom = place.py(0);
    return [place.axes(ink, {title, xlabel: words.class,
      xticks: probs.map((_, j) => j), yticks: [0, 0.5, 1]}),
    probs.map((p, j) => Number.isNaN(p) ?
      label(place.px(j), bottom - 6, 'nan', ink.text, {'font-size': 12}) :
      tag('rect', {x: place.px(j) - 9, y: place.py(p), width: 18,
        height: bottom - place.py(p), fill: j === y ? ink.orange : ink.blue,
      }))];
  }

  moving.define('softmax', {
    words: {
      en: {title: 'The probabilities of ten classes, from the plain and ' +
          'from the stable softmax',
      scores: 'scores o of the classes 0 to 9',
      scoresLabel: j => `score of class ${j}`, offset: 'added to all scores',
      y: 'true class', class: 'class', plain: 'exp(o) / Σ exp(o)',
      stable: 'exp(o − m) / Σ exp(o − m)',
      told: ({largest, plain, stable}) => 'The largest exponential is ' +
          `${largest}. Cross-entropy: plain ${plain}, stable ${stable}.`},
      zh: {title: '十个类别的概率：直接计算的softmax与稳定的softmax',
        scores: '类别0到9的分数o', scoresLabel: j => `类别${j}的分数`,
        offset: '所有分数都加上', y: '真实类别', class: '类别',
        plain: 'exp(o) / Σ exp(o)', stable: 'exp(o − m) / Σ exp(o − m)',
        told: ({largest, plain, stable}) => `最大的指数值是${largest}。` +
          `交叉熵：直接计算得${plain}，稳定的算法得${stable}。`},
    },
    start: {scores: [2, -1, 1, 0, 1, -2, 3, -2, 0, -1], offset: 87, y: 6},
    controls: [
      {kind: 'numbers', name: 'scores', columns: 5, step: 0.5},
      {kind: 'range', name: 'offset', min: -120, max: 120, step: 1,
        show: value => fixed(value, 0)},
      {kind: 'range', name: 'y', min: 0, max: 9, step: 1}],
    formulas: {softmax, crossEntropy, logSoftmax},
    panels(state, words, ink) {
      const scores = shifted(state);
      return [
        panel(320, 240, bars(softmax(scores), state.y, words.plain, words,
          ink)),
        panel(320, 240, bars(logSoftmax(scores).map(Math.exp), state.y,
          words.stable, words, ink))];
    },
    tell(state, words) {
      const scores = shifted(state);
      return words.told({
        largest: short(f(Math.exp(Math.max(...scores)))),
        plain: short(crossEntropy(softmax(scores), state.y)),
        stable: short(Math.abs(logSoftmax(scores)[state.y]))});
    },
  });
}
