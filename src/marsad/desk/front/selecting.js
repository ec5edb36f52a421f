/* Words selected in a report: where they stand, counted in code points as the record counts, and what is done with them. */
const text = document.querySelector('.text[data-report]')
const link = document.querySelector('[data-add]')
const as = document.querySelector('.as')
let chosen = null

/** Return the first and the last character of the selection in the report, null where none is selected. */
function selected() {
  const selection = document.getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null
  const before = document.createRange()
  before.selectNodeContents(text)
  before.setEnd(range.startContainer, range.startOffset)
  const [start, words] = [points(before.toString()), range.toString()]
  const [lead, tail] = [words.match(/^\s*/u)[0], words.match(/\s*$/u)[0]]
  if (!words.trim()) return null
  return { start: start + points(lead), end: start + points(words) - points(tail), words: words.trim() }
}

/** A letter beyond the first plane is two units of a string here, and one character in the record. */
const points = (string) => [...string].length

function follow() {
  chosen = selected() ?? chosen
  if (!chosen) return
  if (link) {
    link.href = `${link.dataset.add}&start=${chosen.start}&end=${chosen.end}`
    link.textContent = link.dataset.selected
    link.classList.add('ready')
  }
  if (as) as.hidden = false
}

if (text) document.addEventListener('selectionchange', follow)

for (const button of as?.querySelectorAll('[data-as]') ?? [])
  button.addEventListener('click', () => chosen && put(button.dataset.as, chosen))

/** Put the words and where they stand into the field that they are for: the first row of a list that is empty. */
function put(name, { start, end, words }) {
  const form = document.querySelector('form.coding')
  const [field, at] = name === 'evidence' || name === 'trigger' ? alone(form, name) : row(form, name)
  field.value = words
  if (at) at.value = `${start}-${end}`
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

const alone = (form, name) => [form.elements[name], form.elements[`${name}_at`]]

function row(form, name) {
  const lines = [...form.querySelectorAll(`[data-list=${name}] .line`)]
  const line = lines.find((each) => !each.querySelector(`[name="${name}.text"]`).value.trim()) ?? lines.at(-1)
  return [line.querySelector(`[name="${name}.text"]`), line.querySelector(`[name="${name}.at"]`)]
}
