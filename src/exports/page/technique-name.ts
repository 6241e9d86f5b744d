import type { PageCatalogue } from './page.js'

/** The technique's name; a sub-technique's after its parent's where there is room. */
export function techniqueName(catalogue: PageCatalogue, id: string, isWide: boolean): string {
  const technique = catalogue.technique(id)
  if (technique === undefined) return 'unknown technique'
  const parent = isWide && technique.parentId !== null ? catalogue.technique(technique.parentId) : undefined
  return parent === undefined ? technique.name : `${parent.name}: ${technique.name}`
}
