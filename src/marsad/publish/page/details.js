// What is opened: a place with its history and the evidence, a claim with its report and its words marked in it.

import { $, bdi, fill, h } from './dom.js'
import { ageOf, basisOf, confidenceOf, stateOn } from './data.js'
import { sourcesOf } from './filters.js'
import { badgeOf, claimCard, sure } from './lists.js'
import { both, counted, date, kind, name, number, percent, placeName, saidOf, t } from './strings.js'

const MOST = 40

export class Details {
  constructor(data, state, dateOf, open) {
    Object.assign(this, { data, state, dateOf, open, last: '' })
    $('close').addEventListener('click', () => this.close())
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (state.claim || state.place) this.close()
    })
  }

  /** Close what was opened last: a claim that was opened from a place leads back to the place. */
  close() {
    const [claim, place] = [this.state.claim, this.state.place]
    this.state.set(claim ? { claim: '' } : { place: '' })
    const back = document.querySelector(
      claim ? `[data-claim="${CSS.escape(claim)}"]` : `[data-place="${CSS.escape(place)}"]`,
    )
    ;(back ?? $(this.state.place ? 'detail-title' : `tab-${this.state.tab}`)).focus()
  }

  show() {
    const claim = this.data.byId.get(this.state.claim)
    const place = this.data.placeById.get(this.state.place)
    $('detail').hidden = !claim && !place
    $('overview').hidden = Boolean(claim || place)
    $('close').lastElementChild.textContent = t(claim && place ? 'back' : 'close')
    const now = `${this.state.claim} ${this.state.place}`
    if (claim) this.claim(claim)
    else if (place) this.place(place)
    if (now !== this.last && (claim || place)) {
      $('panel').scrollTop = 0
      $('detail-title').focus({ preventScroll: matchMedia('(min-width: 60rem)').matches })
      this.reveal()
    }
    this.last = now
  }

  /** Bring the words of the claim that is open into sight. */
  reveal() {
    $('detail-body').querySelector('mark')?.scrollIntoView({ block: 'nearest' })
  }

  title(words, about) {
    fill($('detail-title'), words)
    fill($('detail-about'), about)
  }

  cards(claims, none = '') {
    if (!claims.length) return none ? h('p', { className: 'soft' }, none) : ''
    return h(
      'ul',
      { className: 'cards' },
      claims.slice(0, MOST).map((claim) => claimCard(claim, this.dateOf, this.open.claim)),
    )
  }

  place(place) {
    const { day } = this.state
    const state = stateOn(place, day)
    const area = place.area[this.state.lang] || place.area.en
    this.title(bdi(placeName(place)), [
      [kind(place.kind), area === name(place) ? '' : area].filter(Boolean).join(t('comma')),
      place.point ? '' : ` · ${t('noPoint')}`,
    ])
    const said = place.claims.filter((claim) => claim.day <= day).sort((a, b) => b.day - a.day)
    const evidence = new Set([...(state?.claims ?? []), ...(state?.against ?? [])])
    const others = said.filter((claim) => !evidence.has(claim))
    fill(
      $('detail-body'),
      place.states.length ? this.verdict(state) : h('p', { className: 'verdict' }, t('unknown')),
      state?.sides.length || state?.claims.length
        ? [h('h3', {}, t('for')), this.cards([...state.claims].reverse(), t('nothing'))]
        : '',
      state?.against.length ? [h('h3', {}, t('against')), this.cards([...state.against].reverse())] : '',
      place.states.length ? [h('h3', {}, t('history')), this.history(place, state)] : '',
      others.length ? [h('h3', {}, t('saidHere')), this.cards(others)] : '',
    )
  }

  verdict(state) {
    const { day } = this.state
    if (!state) return h('p', { className: 'verdict' }, t('notYet'))
    const age = ageOf(state, day)
    const facts = [
      state.sides.length && state.since !== null ? t('since', { day: date(this.dateOf(state.since), 'middle') }) : '',
      state.sides.length ? t(basisOf(state, day, this.data)) : '',
      t('newest', { day: date(this.dateOf(state.newest), 'middle') + (age ? ` (${counted('days', age)})` : '') }),
      state.voices ? t('voices', { n: number(state.voices) }) : '',
      state.sides.length ? t('sure', { n: percent(confidenceOf(state, day, this.data)) }) : '',
    ].filter(Boolean)
    return h(
      'div',
      { className: 'verdict' },
      h('p', {}, state.sides.map(badgeOf), ' ', h('strong', {}, saidOf(state))),
      h(
        'ul',
        { className: 'facts' },
        facts.map((fact) => h('li', {}, fact)),
      ),
    )
  }

  /** Each change with its day, as steps that lead to it. */
  history(place, now) {
    const turns = place.states.filter((state, at) => state.turn || at === 0)
    return h(
      'ol',
      { className: 'history' },
      turns.map((state, at) => {
        const next = turns[at + 1]
        const isNow = now && state.start <= now.start && (!next || next.start > now.start)
        const day = Math.max(this.data.firstDay, Math.min(this.data.lastDay, state.start))
        return h(
          'li',
          { 'aria-current': isNow ? 'true' : false },
          h(
            'button',
            { type: 'button', className: 'row', on: { click: () => this.state.set({ day }) } },
            badgeOf(state.sides[0]),
            h('span', { className: 'row-name' }, date(this.dateOf(state.start), 'middle')),
            h('span', { className: 'row-said' }, saidOf(state)),
            state.sides.length ? sure(state.chance) : '',
          ),
        )
      }),
    )
  }

  claim(claim) {
    const status =
      claim.status.id === 'happened' ? '' : h('span', { className: `chip is-${claim.status.id}` }, name(claim.status))
    this.title([name(claim.type), ' ', status], claim.listed ? '' : t('evidenceOnly'))
    const same =
      claim.incident < 0
        ? []
        : this.data.claims.filter((other) => other !== claim && other.incident === claim.incident)
    fill(
      $('detail-body'),
      this.fields(claim),
      claim.report ? this.report(claim) : '',
      same.length ? [h('h3', {}, t('sameIncident')), this.cards(same)] : '',
    )
  }

  fields(claim) {
    const days =
      claim.until > claim.day
        ? t('days', { a: date(this.dateOf(claim.day), 'middle'), b: date(this.dateOf(claim.until), 'middle') })
        : date(this.dateOf(claim.day), 'middle')
    const canGo = claim.day >= this.data.firstDay && claim.day <= this.data.lastDay && claim.day !== this.state.day
    const rows = [
      ['who', claim.actors.map((party) => this.party(party))],
      ['whom', claim.targets.map((party) => this.party(party))],
      ['where', claim.places.map((place) => this.where(place))],
      [
        'when',
        [
          h(
            'span',
            {},
            claim.dated ? days : `${t('undated')} ${days}`,
            ' ',
            canGo
              ? h(
                  'button',
                  { type: 'button', className: 'link', on: { click: () => this.state.set({ day: claim.day }) } },
                  t('goToDay'),
                )
              : '',
          ),
        ],
      ],
      [
        'howMany',
        Object.entries(claim.numbers).map(([key, value]) =>
          h('span', {}, both(this.data.numbers[key]) || key, ': ', bdi(String(value))),
        ),
      ],
      ['according', [bdi(sourcesOf(claim).join(' ← '))]],
      ['certainty', [sure(claim.sure / 100), claim.reviewed ? h('span', { className: 'chip' }, t('reviewed')) : '']],
    ]
    return h(
      'dl',
      {},
      rows
        .filter(([, values]) => values.length)
        .map(([key, values]) => [
          h('dt', {}, t(key)),
          h(
            'dd',
            {},
            values.map((value) => h('div', {}, value)),
          ),
        ]),
    )
  }

  party({ actor, words }) {
    return h(
      'span',
      {},
      actor?.emblem ? badgeOf(actor) : '',
      ' ',
      bdi(words),
      actor ? h('small', {}, ` ${name(actor)}`) : '',
    )
  }

  where(place) {
    const area = place.area[this.state.lang] || place.area.en
    return h(
      'span',
      {},
      h(
        'button',
        { type: 'button', className: 'link', on: { click: () => this.open.place(place) } },
        bdi(placeName(place)),
      ),
      area && area !== name(place) ? h('small', {}, ` ${area}`) : '',
    )
  }

  report(claim) {
    const { report } = claim
    const about = [
      report.outlet,
      report.day === null ? '' : `${t('published')} ${date(this.dateOf(report.day), 'middle')}`,
    ].filter(Boolean)
    const address = /^https?:/i.test(report.url ?? '')
      ? h('a', { href: report.url, rel: 'noreferrer', dir: 'ltr' }, report.url)
      : ''
    return h(
      'article',
      { className: 'report', lang: 'ar', dir: 'rtl' },
      h('h3', {}, report.title || t('report')),
      h('p', { className: 'soft' }, bdi(about.join(' · ')), ' ', address),
      h('div', { className: 'text', id: 'text' }, this.marked(claim)),
    )
  }

  /** The text of a report: the words of the claim marked, those of other claims led to. */
  marked(claim) {
    const { text, claims } = claim.report
    const cuts = new Set([0, text.length, ...claim.span, ...claim.trigger, ...claims.flatMap((other) => other.span)])
    const edges = [...cuts].sort((a, b) => a - b)
    const inside = ([start, end], from, to) => start <= from && to <= end
    return edges.slice(1).map((to, at) => {
      const from = edges[at]
      const words = text.slice(from, to)
      if (inside(claim.span, from, to))
        return h('mark', {}, inside(claim.trigger, from, to) ? h('strong', {}, words) : words)
      const other = claims.find((some) => inside(some.span, from, to))
      if (!other) return words
      const go = (event) => {
        event.preventDefault()
        this.open.claim(other)
      }
      return h('a', { className: 'other', href: `#c=${other.id}`, title: name(other.type), on: { click: go } }, words)
    })
  }
}
