// The two lists beside the map: the claims of a period, and who holds what at the end of the day.

import { $, bdi, fill, h } from './dom.js'
import { ageOf, confidenceOf, stateOn } from './data.js'
import { sourcesOf } from './filters.js'
import { counted, date, kind, name, percent, placeName, saidOf, t } from './strings.js'

const MANY = 80
export const SPANS = { day: 0, week: 6, all: Infinity }

/** The claims of the period that ends on the day, the latest first. */
export function inPeriod(claims, state) {
  const back = SPANS[state.span] ?? SPANS.week
  const some =
    back === Infinity ? claims : claims.filter((claim) => claim.day <= state.day && claim.until >= state.day - back)
  return [...some].sort((a, b) => b.day - a.day || a.n - b.n)
}

export function claimCard(claim, dateOf, open) {
  const where = claim.places.map(placeName).slice(0, 3)
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', className: 'card', data: { claim: claim.id }, on: { click: () => open(claim) } },
      h(
        'span',
        { className: 'card-head' },
        h(
          'span',
          { className: `chip is-${claim.status.id}` },
          name(claim.type),
          claim.status.id === 'happened' ? '' : ` · ${name(claim.status)}`,
        ),
        where.length ? h('span', { className: 'where' }, bdi(where.join(t('comma')))) : '',
        h('span', { className: 'when' }, claim.dated ? date(dateOf(claim.day), 'short') : t('undated')),
      ),
      h('span', { className: 'words', lang: 'ar', dir: 'rtl' }, `«${claim.words}»`),
      h(
        'span',
        { className: 'card-foot' },
        h('span', { className: 'voice' }, bdi(sourcesOf(claim)[0] ?? '')),
        sure(claim.sure / 100),
      ),
    ),
  )
}

export function sure(share) {
  return h(
    'span',
    { className: 'sure', vars: { '--v': `${Math.round(100 * share)}%` } },
    h('i', { 'aria-hidden': 'true' }),
    h('span', { className: 'unseen' }, `${t('certainty')} `),
    percent(share),
  )
}

export class Lists {
  constructor(data, state, dateOf, open) {
    Object.assign(this, { data, state, dateOf, open, limit: MANY })
    $('more').addEventListener('click', () => {
      this.limit += MANY
      this.claims(this.shown)
    })
    for (const tab of ['claims', 'places']) $(`tab-${tab}`).addEventListener('click', () => state.set({ tab }))
    for (const span of Object.keys(SPANS)) $(`span-${span}`).addEventListener('change', () => state.set({ span }))
  }

  show(claims) {
    const { state } = this
    for (const tab of ['claims', 'places']) {
      $(`tab-${tab}`).setAttribute('aria-pressed', String(state.tab === tab))
      $(`${tab}-list`).hidden = state.tab !== tab
    }
    for (const span of Object.keys(SPANS)) $(`span-${span}`).checked = state.span === span
    if (state.tab === 'places') this.places()
    else {
      this.limit = MANY
      this.claims(claims)
    }
  }

  claims(claims) {
    this.shown = claims
    const items = []
    let day = null
    for (const claim of claims.slice(0, this.limit)) {
      if (claim.day !== day)
        items.push(h('li', { className: 'day-head' }, h('h3', {}, date(this.dateOf((day = claim.day))))))
      items.push(claimCard(claim, this.dateOf, this.open.claim))
    }
    $('count').textContent = counted('claims', claims.length)
    fill($('claims'), items)
    $('none').hidden = claims.length > 0
    $('more').hidden = claims.length <= this.limit
  }

  /** Who holds what: first what changed on the day, then the places by side. */
  places() {
    const { data, state } = this
    const changed = new Set(data.changes.get(state.day) ?? [])
    const groups = new Map()
    for (const place of data.held) {
      const held = stateOn(place, state.day)
      if (!held || held.status === 'unknown') continue
      const key = held.sides[0]?.id ?? ''
      groups.set(key, [...(groups.get(key) ?? []), [place, held]])
    }
    const sorted = [...groups].sort((a, b) => b[1].length - a[1].length)
    const news = [...changed].map((place) => [place, stateOn(place, state.day)])
    const parts = [
      news.length ? this.group(t('changedToday'), null, news) : '',
      ...sorted.map(([id, some]) =>
        this.group(id ? name(data.actors.find((actor) => actor.id === id)) : t('sVacated'), some[0][1], some),
      ),
    ]
    fill($('places'), parts.filter(Boolean))
    $('none-places').hidden = parts.some(Boolean)
  }

  group(title, state, some) {
    const byName = [...some].sort((a, b) => placeName(a[0]).localeCompare(placeName(b[0]), this.state.lang))
    return h(
      'section',
      {},
      h('h3', {}, state ? badgeOf(state.sides[0]) : '', title, ' ', h('small', {}, counted('places', some.length))),
      h(
        'ul',
        { className: 'rows' },
        byName.map(([place, held]) => this.place(place, held)),
      ),
    )
  }

  place(place, held) {
    const confidence = confidenceOf(held, this.state.day, this.data)
    const age = ageOf(held, this.state.day)
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', className: 'row', data: { place: place.id }, on: { click: () => this.open.place(place) } },
        badgeOf(held.sides[0]),
        h('span', { className: 'row-name' }, bdi(placeName(place)), ' ', h('small', {}, kind(place.kind))),
        h(
          'span',
          { className: 'row-said' },
          held.status === 'held' ? (age ? counted('days', age) : '') : saidOf(held),
        ),
        sure(confidence),
      ),
    )
  }
}

/** The sign of a side as an element: its colour and its letter. */
export function badgeOf(actor) {
  const [colour, ar, en] = actor?.emblem ?? ['none', '–', '–']
  return h(
    'span',
    { className: `badge side-${colour}`, 'aria-hidden': 'true' },
    document.documentElement.lang === 'ar' ? ar : en,
  )
}
