import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteNames } from './byte-names.js'

it('finds exactly the names it was given', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(name), fc.array(name), (known, asked) => {
      const names = new ByteNames(known.map((text) => [text, text]))
      for (const text of asked) {
        const bytes = Buffer.from(`<${text}>`)
        expect(names.get(bytes, 1, bytes.length - 1)).toBe(known.includes(text) ? text : undefined)
      }
    }),
  )
})
