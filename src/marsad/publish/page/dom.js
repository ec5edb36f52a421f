// Small words for making elements. What comes from a report is only ever set as text, never as markup.

export const $ = (id) => document.getElementById(id)

/** An element: `props` are properties, but `on` holds listeners, `data` data-attributes, a name with a dash is an attribute. */
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (name === 'on') Object.entries(value).forEach(([event, run]) => made.addEventListener(event, run))
    else if (name === 'data') Object.assign(made.dataset, value)
    else if (name === 'vars') Object.entries(value).forEach(([key, is]) => made.style.setProperty(key, is))
    else if (name.includes('-') || name === 'role' || name === 'for' || name === 'list')
      made.setAttribute(name, value)
    else made[name] = value
  }
  made.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false && child !== ''),
  )
  return made
}

export function s(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value))
  made.append(...children)
  return made
}

export function fill(parent, ...children) {
  parent.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  )
}

/** Words of unknown direction, kept from moving their neighbours. */
export const bdi = (words) => h('bdi', {}, words)
