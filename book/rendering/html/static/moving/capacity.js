// Polynomials of any degree through noisy points of a sine: the fit, both
// errors, and how much the fit changes from one draw to the next.
'use strict';

{
  const {plot, panel, fixed, plain, short, uniform} = moving;
  const DEGREES = 16, NEW = 1000, KEPT = 10;
  const GRID = Array.from({length: 161}, (_, i) => i / 80 - 1);
  const rule = x => Math.sin(3 * x);

  // Draw points from -1 to 1; with more points the first ones stay.
  function draw(seed, count, noise) {
    const next = uniform(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) *
      Math.cos(2 * Math.PI * next());
    return Array.from({length: count}, () => {
      const x = 2 * next() - 1;
      return [x, rule(x) + noise * normal()];
    });
  }

  // Return the Legendre polynomials of x, of degree 0 to `degree`.
  function features(x, degree) {
    const found = [1, x];
    for (let k = 1; k < degree; k++) {
      found.push(((2 * k + 1) * x * found[k] - k * found[k - 1]) / (k + 1));
    }
    return found.slice(0, degree + 1);
  }

  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const less = (a, factor, b) => a.map((x, i) => x - factor * b[i]);

  // Return the weights of least squares, by orthogonal columns.
  function solve(points, degree) {
    const rows = points.map(([x]) => features(x, degree));
    const columns = rows[0].map((_, j) => rows.map(row => row[j]));
    let rest = points.map(([, y]) => y);
    const triangle = [], right = [];
    for (let j = 0; j <= degree; j++) {
      const norm = Math.sqrt(dot(columns[j], columns[j]));
      const unit = columns[j].map(x => x / norm);
      triangle.push(columns.map((column, k) => k < j ? 0 : dot(unit, column)));
      for (let k = j; k <= degree; k++) {
        columns[k] = less(columns[k], triangle[j][k], unit);
      }
      right.push(dot(unit, rest));
      rest = less(rest, right[j], unit);
    }
    const weights = Array(degree + 1).fill(0);
    for (let j = degree; j >= 0; j--) {
      weights[j] = (right[j] - dot(triangle[j], weights)) / triangle[j][j];
    }
    return weights;
  }

  const predict = (x, weights) => dot(weights,
    features(x, weights.length - 1));

  const squaredError = (points, weights) => points.reduce((sum, [x, y]) =>
    sum + (predict(x, weights) - y) ** 2, 0) / points.length;

  const drawn = ({seed, count, noise}) => draw(seed, count, noise);
  const unseen = ({noise}) => draw(1e6, NEW, noise);
  const fit = state => solve(drawn(state), state.degree);

  // Return [degree, error on the points, error on new points] for all.
  function errors(state) {
    const points = drawn(state), others = unseen(state);
    return Array.from({length: DEGREES}, (_, degree) => {
      const weights = solve(points, degree);
      return [degree, squaredError(points, weights),
        squaredError(others, weights)];
    });
  }

  // Fits of earlier draws stay in sight while nothing else is changed.
  function settle(state) {
    const key = [state.degree, state.count, state.noise].join();
    return key === state.key ? state : {...state, key, past: []};
  }

  const redraw = state => ({seed: state.seed + 1,
    past: [...state.past, fit(state)].slice(-KEPT)});

  function fits(state, words, ink) {
    const place = plot({x: [-1, 1], y: [-2.5, 2.5]});
    const curve = weights => GRID.map(x => [x, predict(x, weights)]);
    return [place.axes(ink, {title: words.fits, xlabel: 'x',
      xticks: [-1, 0, 1], yticks: [-2, 0, 2]}),
    place.inside(
      state.past.map(weights => place.line(curve(weights), ink.blue,
        {'stroke-width': 1, 'stroke-opacity': 0.35})),
      place.line(GRID.map(x => [x, rule(x)]), ink.muted,
        {'stroke-dasharray': '5 4'}),
      place.line(curve(fit(state)), ink.blue),
      place.dots(drawn(state), ink.text, 2.5))];
  }

  function curves(state, words, ink) {
    const place = plot({x: [0, DEGREES - 1], y: [1e-3, 1e3], log: true});
    const all = errors(state);
    const now = all[state.degree];
    return [place.axes(ink, {title: words.errors, xlabel: words.axis,
      xticks: [0, 3, 6, 9, 12, 15], yticks: [1e-3, 1e-2, 0.1, 1, 10, 100,
        1000]}),
    place.inside(
      place.line([0, DEGREES].map(x => [x, state.noise ** 2]), ink.muted,
        {'stroke-dasharray': '5 4'}),
      place.line(all.map(([x, train]) => [x, train]), ink.blue),
      place.line(all.map(([x, , test]) => [x, test]), ink.orange),
      place.dots([[now[0], now[1]]], ink.blue, 5),
      place.dots([[now[0], now[2]]], ink.orange, 5))];
  }

  moving.define('capacity', {
    words: {
      en: {title: 'A polynomial through noisy points, and both errors ' +
          'against the degree',
      degree: 'degree', count: 'examples', noise: 'noise',
      redraw: 'Draw again', many: 'Draw ten times', axis: 'degree',
      fits: 'the fit, the rule and earlier fits',
      errors: 'error: new points orange, training blue',
      told: (train, test, floor) => `Training error ${train}, error on ` +
          `1,000 new points ${test}; the noise alone makes ${floor}.`},
      zh: {title: '穿过带噪声的点的多项式，以及两种误差随次数的变化',
        degree: '次数', count: '样本数', noise: '噪声', redraw: '重新抽取',
        many: '抽取十次', axis: '次数', fits: '拟合、真实的规律与先前的拟合',
        errors: '误差：新的点橙色，训练蓝色',
        told: (train, test, floor) => `训练误差${train}，在1,000个新的点上的` +
          `误差${test}；单是噪声就有${floor}。`},
    },
    start: settle({degree: 9, count: 20, noise: 0.3, seed: 1}),
    controls: [
      {kind: 'range', name: 'degree', min: 0, max: DEGREES - 1, step: 1},
      {kind: 'range', name: 'count', min: 16, max: 100, step: 1},
      {kind: 'range', name: 'noise', min: 0, max: 1, step: 0.05,
        show: value => fixed(value, 2)},
      {kind: 'button', name: 'redraw', act: redraw},
      {kind: 'button', name: 'many', act: redraw, times: 10}],
    formulas: {draw, features, solve, squaredError},
    settle,
    panels: (state, words, ink) => [
      panel(320, 240, fits(state, words, ink)),
      panel(320, 240, curves(state, words, ink))],
    tell(state, words) {
      const weights = fit(state);
      return words.told(short(squaredError(drawn(state), weights)),
        short(squaredError(unseen(state), weights)),
        plain(state.noise ** 2));
    },
  });
}
