// What is being looked at. It stands in the address, so that a view can be cited and opened again.

const DEFAULTS = {
  day: null,
  place: '',
  claim: '',
  lang: 'ar',
  tab: 'claims',
  span: 'week',
  q: '',
  type: '',
  actor: '',
  source: '',
  status: '',
  min: 0,
}
const SHORT = {
  day: 'd',
  place: 'p',
  claim: 'c',
  lang: 'l',
  tab: 'tab',
  span: 'w',
  q: 'q',
  type: 't',
  actor: 'a',
  source: 's',
  status: 'st',
  min: 'm',
}
export const FILTERS = ['q', 'type', 'actor', 'source', 'status', 'min']

export class State {
  constructor(day, isoOf, dayOf) {
    Object.assign(this, DEFAULTS, { day })
    this.defaults = { ...DEFAULTS, day }
    this.listeners = []
    this.isoOf = isoOf
    this.dayOf = dayOf
    window.addEventListener('popstate', () => this.read())
    window.addEventListener('hashchange', () => this.read())
  }

  listen(run) {
    this.listeners.push(run)
  }

  /** Change some things; what opens a place or a claim is a step that the browser can go back from. */
  set(changes) {
    const changed = Object.keys(changes).filter((key) => this[key] !== changes[key])
    if (!changed.length) return
    Object.assign(this, changes)
    this.write(changed.includes('place') || changed.includes('claim'))
    this.tell(changed)
  }

  tell(changed) {
    this.listeners.forEach((run) => run(new Set(changed)))
  }

  hash() {
    const parts = new URLSearchParams()
    for (const [key, short] of Object.entries(SHORT))
      if (key === 'day') parts.set(short, this.isoOf(this.day))
      else if (this[key] !== this.defaults[key]) parts.set(short, this[key])
    return `#${parts}`
  }

  write(step) {
    const hash = this.hash()
    if (hash === location.hash) return
    try {
      history[step ? 'pushState' : 'replaceState'](null, '', hash)
    } catch {
      /* A browser may refuse many writes a second, or any in a sandbox: the page goes on without. */
    }
  }

  /** Take what the address says, and what it does not say as at first. */
  read() {
    const parts = new URLSearchParams(location.hash.slice(1))
    const wanted = { ...this.defaults }
    for (const [key, short] of Object.entries(SHORT)) {
      const said = parts.get(short)
      if (said === null) continue
      if (key === 'day') wanted.day = this.dayOf(said) ?? this.defaults.day
      else if (key === 'min') wanted.min = Math.max(0, Math.min(100, Number(said) || 0))
      else wanted[key] = said
    }
    if (!['ar', 'en'].includes(wanted.lang)) wanted.lang = 'ar'
    const changed = Object.keys(wanted).filter((key) => this[key] !== wanted[key])
    Object.assign(this, wanted)
    if (changed.length) this.tell(changed)
  }
}
