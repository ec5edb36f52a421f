// Words as readers compare them: one alef, one ya, no marks, Western digits. The table is the reader's own.

let letters = new Map()

export function learn([from, to]) {
  const known = [...to]
  letters = new Map([...from].map((letter, at) => [letter, known[at] === ' ' ? '' : known[at]]))
}

export function fold(words) {
  let found = ''
  for (const letter of words.normalize('NFKC')) found += letters.get(letter) ?? letter
  return found
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
}
