// Which claims pass: by type, actor, source, status, certainty and words, in whatever spelling.

import { $, fill, h } from './dom.js'
import { fold } from './fold.js'
import { FILTERS } from './state.js'
import { name, number, percent, t } from './strings.js'

const LEAST = [0, 30, 50, 70, 90]

export class Filters {
  constructor(data, state) {
    Object.assign(this, { data, state })
    this.claims = data.claims.filter((claim) => claim.listed)
    for (const field of ['type', 'actor', 'source', 'status', 'min'])
      $(`f-${field}`).addEventListener('change', (event) =>
        state.set({ [field]: field === 'min' ? Number(event.target.value) : event.target.value }),
      )
    $('q').addEventListener('input', (event) => state.set({ q: event.target.value }))
    $('clear').addEventListener('click', () =>
      state.set({ q: '', type: '', actor: '', source: '', status: '', min: 0 }),
    )
  }

  /** The claims of the whole page that pass. */
  passing() {
    const { type, actor, source, status, min, q } = this.state
    const words = fold(q).split(/\s+/).filter(Boolean)
    return this.claims.filter(
      (claim) =>
        (!type || claim.type.id === type) &&
        (!status || claim.status.id === status) &&
        claim.sure >= min &&
        (!actor || partiesOf(claim).some((party) => party.actor?.id === actor)) &&
        (!source || sourcesOf(claim).includes(source)) &&
        words.every((word) => this.folded(claim).includes(word)),
    )
  }

  folded(claim) {
    claim.folded ??= fold(
      [
        claim.words,
        claim.report?.title ?? '',
        ...sourcesOf(claim),
        claim.type.ar,
        claim.type.en,
        ...claim.places.flatMap((place) => [place.ar, place.en]),
        ...partiesOf(claim).flatMap((party) => [party.words, party.actor?.ar ?? '', party.actor?.en ?? '']),
      ].join(' \n '),
    )
    return claim.folded
  }

  show() {
    const { state, claims } = this
    this.options(
      'type',
      claims.map((claim) => [claim.type.id, name(claim.type)]),
    )
    this.options(
      'status',
      claims.map((claim) => [claim.status.id, name(claim.status)]),
    )
    this.options(
      'source',
      claims.flatMap((claim) => sourcesOf(claim).map((source) => [source, source])),
    )
    const actors = claims.map((claim) => [
      ...new Set(
        partiesOf(claim)
          .map((party) => party.actor)
          .filter(Boolean),
      ),
    ])
    this.options(
      'actor',
      actors.flatMap((some) => some.map((actor) => [actor.id, name(actor)])),
    )
    fill(
      $('f-min'),
      LEAST.map((least) =>
        h('option', { value: least, selected: state.min === least }, least ? `≥ ${percent(least / 100)}` : t('all')),
      ),
    )
    if (document.activeElement !== $('q')) $('q').value = state.q
    const active = FILTERS.filter((field) => field !== 'q' && state[field]).length
    $('active').textContent = active ? number(active) : ''
    $('clear').hidden = !active && !state.q
  }

  options(field, pairs) {
    const counts = new Map()
    for (const [id, label] of pairs) counts.set(id, [label, (counts.get(id)?.[1] ?? 0) + 1])
    if (this.state[field] && !counts.has(this.state[field])) counts.set(this.state[field], [this.state[field], 0])
    const sorted = [...counts].sort((a, b) => b[1][1] - a[1][1] || (a[0] < b[0] ? -1 : 1))
    fill(
      $(`f-${field}`),
      h('option', { value: '' }, t('all')),
      sorted.map(([id, [label, count]]) =>
        h('option', { value: id, selected: this.state[field] === id }, `${label} (${number(count)})`),
      ),
    )
    $(`f-${field}`).value = this.state[field]
  }
}

export const partiesOf = (claim) => [...claim.actors, ...claim.targets]

export const sourcesOf = (claim) => [...new Set([...claim.sources, claim.report?.outlet ?? ''])].filter(Boolean)
