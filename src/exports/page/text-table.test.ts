import { describe, expect, it } from 'vitest'
import { fitText, layOutTable } from './text-table.js'

const plain = (text: string) => text

describe('layOutTable', () => {
  it('lines columns up by what a terminal shows', () => {
    const columns = [
      { title: 'name', align: 'left' },
      { title: 'count', align: 'right' },
    ] as const
    const rows = [
      [{ text: '日本' }, { text: '1' }],
      [{ text: 'a' }, { text: '1,234' }],
    ]
    expect(layOutTable({ columns, rows }, { width: 40, indent: '', header: plain })).toEqual([
      'name  count',
      '日本      1',
      'a     1,234',
    ])
  })

  it('cuts the stretching column to what the others leave', () => {
    const columns = [
      { title: '', align: 'left', stretches: true },
      { title: '', align: 'right' },
    ] as const
    const rows = [[{ text: 'abcdefghijklmnop' }, { text: '9' }]]
    expect(layOutTable({ columns, rows }, { width: 14, indent: ' ', header: plain })).toEqual([' abcdefghi…  9'])
  })
})

describe('fitText', () => {
  it('never shows half of a wide character', () => {
    expect(fitText('日本語', 4)).toBe('日…')
  })
})
