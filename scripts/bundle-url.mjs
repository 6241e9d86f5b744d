import { pathToFileURL } from 'node:url'

/** What `import.meta.url` is in the bundle of the command, which is no module. */
export const bundleUrl = pathToFileURL(__filename).href
