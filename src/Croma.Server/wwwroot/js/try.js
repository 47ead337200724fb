/** Classifying new samples, and correcting what was wrong. */

import { h, keyed, announce, count, percent } from './dom.js';
import * as api from './api.js';
import { collector } from './collector.js';
import { failures, busyLine } from './failure.js';
import { resultCard } from './result.js';

/**
 * @param {object} options
 * @param {string} options.id the classifier's
 * @param {object} options.model whose kinds and limits hold
 * @param {object} options.live the classifier while it is taught
 * @param {boolean} options.teachable whether a wrong answer can be corrected
 * @param {object[]} options.tries what was tried, the last first: { id, sample, prediction, refusal, learned }; changed in place
 * @returns {{element: Element, refresh: function}} `refresh()` classifies all of them again
 */
export function tryPart({ id, model, live, tries, teachable }) {
  const failure = failures();
  const busy = busyLine();
  const list = h('ol.plain.results', { 'aria-label': 'Results, the last first' });
  const clear = h('button.small.quiet', { type: 'button', click: () => { tries.length = 0; render(); collect.focus(); } }, 'Clear');
  const head = h('div.head', null, h('h2', null, 'Try it'), clear);
  const element = h('section.panel.attempt', { 'aria-label': 'Try it' }, head);
  const collect = collector({ accepts: model.accepts, limits: model.limits, what: () => 'to classify', take, zone: element, large: true, textAction: 'Classify' });
  const cards = new Map();
  element.append(collect.element, busy.element, failure.element, list);
  let running = false;

  function take(samples) {
    tries.unshift(...samples.map(sample => ({ id: sample.id, sample, prediction: null, refusal: null, learned: null })));
    render();
    work();
  }

  const names = () => live.data.classes.map(each => each.name);

  function render() {
    clear.hidden = tries.length === 0;
    keyed(list, tries, each => each.id, each => {
      const card = resultCard(each, { learn: teachable ? learn : null, discard });
      cards.set(each.id, card);
      return card.element;
    }, (_, each) => cards.get(each.id).update(each, names()));
  }

  function discard(attempt) {
    tries.splice(tries.indexOf(attempt), 1);
    render();
    (list.querySelector('.away') ?? collect).focus();
  }

  async function learn(attempt, concept) {
    await live.learn(attempt.sample, concept);
    attempt.learned = concept;
    render();
  }

  async function work() {
    if (running) return;
    running = true;
    failure.clear();
    const told = [];
    try {
      for (let waiting; (waiting = batch()).length;) {
        await busy.during(`Classifying ${count(waiting.length, 'file')} …`, signal => classify(waiting, signal));
        told.push(...waiting);
        render();
      }
    } catch (error) {
      failure.show(error, work);
    } finally {
      running = false;
    }
    if (told.length) announce(summary(told));
  }

  /** As many that wait as go into one request. */
  function batch() {
    const { maxFiles, maxBodyBytes } = model.limits;
    const taken = [];
    let size = 0;
    for (const attempt of tries.filter(each => !each.prediction && !each.refusal)) {
      size += (attempt.sample.blob?.size ?? attempt.sample.text.length * 3) + 1024;
      if (taken.length === maxFiles || taken.length > 0 && size > maxBodyBytes) break;
      taken.push(attempt);
    }
    return taken;
  }

  async function classify(attempts, signal) {
    try {
      const predictions = await api.predict(id, attempts.map(each => each.sample), signal);
      attempts.forEach((attempt, i) => { attempt.prediction = predictions[i]; });
    } catch (error) {
      if (![400, 413, 415, 422].includes(error.status)) throw error;
      // one unsound file must not keep the others from their answers
      if (attempts.length === 1) attempts[0].refusal = error;
      else for (const attempt of attempts) await classify([attempt], signal);
    }
  }

  function refresh() {
    for (const attempt of tries) if (attempt.prediction) attempt.prediction = null;
    work();
  }

  render();
  if (batch().length) work();
  return { element, refresh };
}

const answer = ({ sample, prediction, refusal }) => refusal ? `${sample.name} could not be read.`
  : prediction.none ? `${sample.name} is none of these.` : `${sample.name} is ${prediction.class}, ${percent(prediction.probability)}.`;

const summary = told => told.length <= 4 ? told.map(answer).join(' ') : `${count(told.length, 'file')} classified. ${told.slice(0, 2).map(answer).join(' ')}`;

