// Reads the shipped rules once at build time, so that no start has to: writes their documents to dist/checked-rules.json.
import { writeFileSync } from 'node:fs'
import { SHIPPED_RULES } from '../src/app.js'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { packagePath } from '../src/config/package-path.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { readRuleFolder } from '../src/rule-store/filesystem/read-rule-folder.js'
import { checkDocuments } from '../src/rules/checked-documents.js'

const { sources } = readRuleFolder(SHIPPED_RULES)
const checked = checkDocuments(sources, { catalogue: attackCatalogue(), lifters: LIFTERS, withSamples: true })
writeFileSync(packagePath('dist', 'checked-rules.json'), JSON.stringify(checked))
