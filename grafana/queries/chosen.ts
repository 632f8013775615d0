/** A condition: rows of the models and versions that are chosen at the top of the dashboard. @param alias  of a table that has both */
export function chosenVersions(alias = ''): string {
  const column = alias === '' ? '' : `${alias}.`;
  return `${column}model_name = any (array[\${model:sqlstring}]::text[]) and ${column}model_version::text = any (array[\${version:sqlstring}]::text[])`;
}

/** A condition: windows of the series that alerts, of all rows. @param alias  of a table of windows */
export function alertingSeries(alias = ''): string {
  const column = alias === '' ? '' : `${alias}.`;
  return `${column}window_name = 'default' and ${column}segment = ''`;
}
