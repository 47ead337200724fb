/** The list of classifiers. */

import { h, count, percent } from './dom.js';
import * as api from './api.js';
import { filesOf } from './kinds.js';
import { intervalBar } from './estimate.js';

const MOST_NAMES = 6;

export async function homeView() {
  const [models, classifiers] = await Promise.all([api.models(), api.classifiers()]);
  const names = new Map(models.map(model => [model.id, model.name]));
  const element = h('div', null,
    h('div.head', null, h('h1', { tabindex: -1 }, classifiers.length ? 'Classifiers' : 'Teach it by example')),
    classifiers.length ? h('ul.plain.rows', null, classifiers.map(classifier => row(classifier, !names.has(classifier.model) ? 'its model is not served now' : models.length > 1 ? names.get(classifier.model) : null))) : beginning(models));
  return { title: 'Classifiers', element };
}

function row(classifier, model) {
  const { classNames, sampleCount, estimate } = classifier;
  const classes = classNames.length > MOST_NAMES ? `${classNames.slice(0, MOST_NAMES).join(', ')} and ${classNames.length - MOST_NAMES} more` : classNames.join(', ');
  return h('li', null, h('a.entry', { href: `#/classifier/${encodeURIComponent(classifier.id)}` },
    h('span.what', null, h('strong', null, classifier.name), h('span.note', null, classes), h('span.note', null, `${count(sampleCount, 'sample')}${model ? ` · ${model}` : ''} · ${day(classifier.updatedAt)}`)),
    h('span.right', null, estimate
      ? [h('span.number', null, h('b', null, percent(estimate.accuracy)), h('span.unseen', null, ' right'), h('span.note', null, ` ${Math.round(100 * estimate.low)} to ${Math.round(100 * estimate.high)} %`)), intervalBar(estimate, classNames.length)]
      : h('span.note', null, 'no estimate yet'))));
}

/** A date for people. */
const day = text => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text));

function beginning(models) {
  const takes = filesOf([...new Set(models.flatMap(model => model.accepts))]);
  return h('div.beginning', null,
    h('p.lead', null, `Give a few ${takes} of each thing you want to tell apart. It learns from them at once, says how often it will be right, and then recognises new ones.`),
    h('ol.steps', null,
      h('li', null, h('strong', null, 'Name the concepts'), h('span.note', null, 'Two or more, whatever you like to call them.')),
      h('li', null, h('strong', null, 'Give samples'), h('span.note', null, 'One of each is enough to start; five are better.')),
      h('li', null, h('strong', null, 'Try it'), h('span.note', null, 'And where it is wrong, tell it: it learns from that too.'))),
    h('p', null, h('a.button.primary', { href: '#/new' }, 'Teach something')));
}
