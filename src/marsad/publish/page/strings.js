// The words of the interface in Arabic and English, and how both write numbers and days.

const WORDS = {
  title: ['من يسيطر على ماذا، وماذا قيل', 'Who holds what, and what was said'],
  brand: ['مرصد', 'Marsad'],
  other: ['English', 'العربية'],
  skip: ['إلى الأقوال', 'Skip to the claims'],
  map: ['خريطة السيطرة', 'Map of control'],
  mapHelp: [
    'خريطة. الأسهم تحركها، وعلامتا + و − تقرّبان وتبعدان. الأماكن نفسها في قائمة «الأماكن».',
    'Map. Arrow keys move it, + and − zoom. The same places are in the list “Places”.',
  ],
  zoomIn: ['تقريب', 'Zoom in'],
  zoomOut: ['إبعاد', 'Zoom out'],
  fit: ['إظهار كل الأماكن', 'Show all places'],
  day: ['اليوم', 'Day'],
  play: ['تشغيل', 'Play'],
  pause: ['إيقاف', 'Pause'],
  before: ['اليوم السابق', 'Day before'],
  after: ['اليوم التالي', 'Next day'],
  timeline: ['الأقوال في كل يوم', 'Claims per day'],
  claims: ['الأقوال', 'Claims'],
  places: ['الأماكن', 'Places'],
  search: ['ابحث في الأقوال', 'Search the claims'],
  searchHint: ['كلمة أو اسم أو مكان…', 'A word, a name, a place…'],
  span: ['المدة', 'Period'],
  spanDay: ['هذا اليوم', 'This day'],
  spanWeek: ['آخر سبعة أيام', 'Last 7 days'],
  spanAll: ['كل الأيام', 'All days'],
  filters: ['تصفية', 'Filters'],
  clear: ['مسح التصفية', 'Clear filters'],
  type: ['النوع', 'Type'],
  actor: ['الجهة', 'Actor'],
  source: ['المصدر', 'Source'],
  status: ['الحال', 'Status'],
  min: ['أدنى ثقة', 'Least certainty'],
  all: ['الكل', 'All'],
  more: ['المزيد', 'Show more'],
  none: ['لا أقوال في هذه المدة بهذه الشروط.', 'No claims in this period under these conditions.'],
  nonePlaces: ['لا شيء معروف عن أي مكان في هذا اليوم.', 'Nothing is known of any place on this day.'],
  close: ['إغلاق', 'Close'],
  back: ['رجوع', 'Back'],
  legend: ['مفتاح الخريطة', 'Legend'],
  legendAid: [
    'تلوين المساحات وسيلة رسم، وليست حدودها خطوط تماس.',
    'The coloured ground is a drawing aid; its edges are no front lines.',
  ],
  legendMore: ['كيف تُقرأ الخريطة', 'How to read the map'],
  legendCells: [
    'كل نقطة من الأرض تأخذ لون أقرب مكان إليها، ولم يمسحها أحد',
    'Each point of the ground takes the colour of the nearest place; nobody surveyed it',
  ],
  legendAge: ['كلما بهت اللون قدُم الدليل', 'Paler means older evidence'],
  legendSite: ['مربّع: موقع (معبر، قاعدة، سجن…)', 'Square: a site (crossing, base, prison…)'],
  legendNews: ['حلقة: قيل عنه شيء في المدة المعروضة', 'Ring: something was said of it in the period shown'],
  legendDisputed: ['خط متقطع: حدود متنازع عليها أو بلا محافظة', 'Dashed line: disputed, or no governorate’s'],
  changedToday: ['ما تغيّر في هذا اليوم', 'What changed on this day'],
  history: ['تاريخ المكان', 'History of the place'],
  for: ['ما يؤيد ذلك', 'What speaks for it'],
  against: ['ما يعارضه', 'What speaks against it'],
  nothing: ['لا شيء في هذه الصفحة.', 'Nothing on this page.'],
  saidHere: ['ما قيل عنه', 'What was said of it'],
  report: ['التقرير', 'The report'],
  sameIncident: ['أقوال أخرى عن الحادثة نفسها', 'Other claims of the same incident'],
  who: ['الفاعل', 'Who'],
  whom: ['المستهدف', 'To whom'],
  where: ['المكان', 'Where'],
  when: ['الزمن', 'When'],
  howMany: ['الأعداد', 'How many'],
  according: ['المصدر', 'According to'],
  certainty: ['الثقة', 'Certainty'],
  published: ['نُشر', 'Published'],
  undated: ['بلا تاريخ، نُشر', 'undated, published'],
  reviewed: ['راجعه مراجع', 'Reviewed'],
  evidenceOnly: [
    'خارج ما طُلب في هذه الصفحة، وهو هنا لأنه دليل',
    'Outside what this page was asked for; here because it is evidence',
  ],
  goToDay: ['إلى هذا اليوم', 'Go to this day'],
  asserted: ['قيل ذلك صراحة خلال أسبوع', 'said outright within the week'],
  carried: ['مستمر مما قيل صراحة من قبل', 'carried over from what was said outright before'],
  inferred: ['مستنتج من منطقة أوسع أو من إشارات ضعيفة', 'inferred from a wider area or from weak signs'],
  since: ['منذ {day}', 'since {day}'],
  newest: ['أحدث دليل: {day}', 'newest evidence: {day}'],
  voices: ['مصادر مستقلة: {n}', 'independent sources: {n}'],
  sure: ['الثقة {n}', 'confidence {n}'],
  held: ['تحت سيطرة {who}', 'Held by {who}'],
  contested: ['متنازع عليه بين {all}', 'Contested between {all}'],
  contestedOne: ['قتال فيه، وفيه {who}', 'Fighting in it; {who} is there'],
  besieged: ['في يد {who} ومحاصر من {others}', 'Held by {who}, besieged by {others}'],
  vacated: ['أُخلي ولم يُذكر من دخله', 'Vacated; nobody is yet said to have come'],
  unknown: ['غير معروف من يسيطر عليه', 'Not known who holds it'],
  notYet: ['لا شيء معروف عنه في هذا اليوم', 'Nothing is known of it on this day'],
  sContested: ['متنازع عليه', 'Contested'],
  sBesieged: ['محاصر', 'Besieged'],
  sVacated: ['مُخلى', 'Vacated'],
  and: ['و', ' and '],
  comma: ['، ', ', '],
  days: ['من {a} إلى {b}', '{a} to {b}'],
  method: [
    'لا يرسم «مرصد» خريطة بيده: كل لون مستنتج من أقوال منشورة بقواعد معلنة، وكل قول مربوط بكلماته. الأقوال أقوال مصادرها لا أقوال «مرصد».',
    'Marsad draws no map by hand: every colour follows from published claims by stated rules, and every claim is tied to its words. The claims are those of their sources.',
  ],
  licences: ['رخص ما في هذه الصفحة', 'Licences of what is in this page'],
  noPoint: ['لا نقطة له على الخريطة', 'It has no point on the map'],
}

const COUNTED = {
  claims: {
    ar: ['لا أقوال', 'قول واحد', 'قولان', '{n} أقوال', '{n} قولاً', '{n} قول'],
    en: ['{n} claim', '{n} claims'],
  },
  changes: {
    ar: ['لم يتغير مكان', 'تغيّر مكان واحد', 'تغيّر مكانان', 'تغيّرت {n} أماكن', 'تغيّر {n} مكاناً', 'تغيّر {n} مكان'],
    en: ['{n} place changed', '{n} places changed', 'no place changed'],
  },
  places: {
    ar: ['لا أماكن', 'مكان واحد', 'مكانان', '{n} أماكن', '{n} مكاناً', '{n} مكان'],
    en: ['{n} place', '{n} places'],
  },
  days: {
    ar: ['اليوم نفسه', 'قبل يوم', 'قبل يومين', 'قبل {n} أيام', 'قبل {n} يوماً', 'قبل {n} يوم'],
    en: ['{n} day before', '{n} days before'],
  },
}

const KINDS = {
  city: ['مدينة', 'city'],
  town: ['بلدة', 'town'],
  village: ['قرية', 'village'],
  camp: ['مخيم', 'camp'],
  neighbourhood: ['حي', 'neighbourhood'],
  settlement: ['تجمع سكني', 'settlement'],
  admin1: ['محافظة', 'governorate'],
  admin2: ['منطقة', 'district'],
  admin3: ['ناحية', 'sub-district'],
  region: ['إقليم', 'region'],
  country: ['بلد', 'country'],
  crossing: ['معبر', 'crossing'],
  'border crossing': ['معبر حدودي', 'border crossing'],
  base: ['قاعدة', 'base'],
  'military base': ['قاعدة عسكرية', 'military base'],
  'air base': ['مطار عسكري', 'air base'],
  airport: ['مطار', 'airport'],
  prison: ['سجن', 'prison'],
  hospital: ['مستشفى', 'hospital'],
  checkpoint: ['حاجز', 'checkpoint'],
  hill: ['تل', 'hill'],
  mountain: ['جبل', 'mountain'],
  dam: ['سد', 'dam'],
  port: ['ميناء', 'port'],
  bridge: ['جسر', 'bridge'],
  barracks: ['ثكنة', 'barracks'],
  headquarters: ['مقر', 'headquarters'],
  oilfield: ['حقل نفط', 'oilfield'],
  'gas field': ['حقل غاز', 'gas field'],
  refinery: ['مصفاة', 'refinery'],
  university: ['جامعة', 'university'],
  'police station': ['مخفر', 'police station'],
  'security branch': ['فرع أمني', 'security branch'],
  'government building': ['مبنى حكومي', 'government building'],
  palace: ['قصر', 'palace'],
  castle: ['قلعة', 'castle'],
  fortress: ['حصن', 'fortress'],
  factory: ['معمل', 'factory'],
  'power station': ['محطة كهرباء', 'power station'],
  'weapons depot': ['مستودع أسلحة', 'weapons depot'],
  silos: ['صوامع', 'silos'],
  bakery: ['فرن', 'bakery'],
  'party office': ['مقر حزبي', 'party office'],
  facility: ['منشأة', 'facility'],
  road: ['طريق', 'road'],
  street: ['شارع', 'street'],
  square: ['ساحة', 'square'],
  river: ['نهر', 'river'],
  island: ['جزيرة', 'island'],
  lake: ['بحيرة', 'lake'],
  border: ['حدود', 'border'],
  sea: ['بحر', 'sea'],
}

let lang = 'ar'
let locale = 'ar'

/** Say in which language; Arabic names of months are those of the country. */
export function speak(wanted, country) {
  lang = wanted
  locale = wanted === 'ar' ? `ar-${country || 'SY'}` : 'en-GB'
}

const way = () => (lang === 'ar' ? 0 : 1)
const put = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name])

export const t = (key, values = {}) => put(WORDS[key][way()], values)
export const kind = (id) => KINDS[id]?.[way()] ?? id
export const name = (thing) => thing?.[lang] || thing?.en || ''
export const both = (pair) => pair?.[way()] ?? ''
export const number = (n) => new Intl.NumberFormat(locale).format(n)
export const percent = (share) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share)

const AR_FORMS = ['zero', 'one', 'two', 'few', 'many', 'other']

export function counted(what, n) {
  const forms = COUNTED[what][lang]
  const form = new Intl.PluralRules(lang).select(n)
  const words = lang === 'ar' ? forms[AR_FORMS.indexOf(form)] : (n === 0 && forms[2]) || forms[form === 'one' ? 0 : 1]
  return put(words, { n: number(n) })
}

const formats = new Map()

export function date(day, style = 'long') {
  const key = `${locale} ${style}`
  if (!formats.has(key)) {
    const base = { timeZone: 'UTC', calendar: 'gregory', day: 'numeric' }
    const wanted = {
      long: { ...base, weekday: 'long', month: 'long', year: 'numeric' },
      middle: { ...base, month: 'long', year: 'numeric' },
      short: { ...base, month: 'short' },
    }[style]
    formats.set(key, new Intl.DateTimeFormat(locale, wanted))
  }
  return formats.get(key).format(day)
}

export const joined = (names) => names.join(names.length > 2 ? t('comma') : t('and'))

/** How a place is called: a site by its kind before the name of its town. */
export function placeName(place) {
  return place.site ? `${kind(place.site)}${lang === 'ar' ? ' ' : ' in '}${name(place)}` : name(place)
}

/** A state in words: "held by …", "contested between …". */
export function saidOf(state) {
  if (!state) return t('notYet')
  const names = state.sides.map(name)
  if (state.actor && names.length) names[0] = name(state.actor)
  if (state.status === 'contested' && names.length < 2)
    return names.length ? t('contestedOne', { who: names[0] }) : t('sContested')
  if (state.status === 'besieged' && names.length < 2)
    return t('held', { who: names[0] ?? '' }) + t('comma') + t('sBesieged')
  return t(state.status, { who: names[0] ?? '', all: joined(names), others: joined(names.slice(1)) })
}
