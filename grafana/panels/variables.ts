import {
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { SOURCES } from './sources.js';

const ALL = { selected: true, text: 'All', value: '$__all' };

/** A variable whose values are the first column of a query to Postgres. */
function fromSql(name: string, label: string, text: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(SOURCES.postgres)
    .query(text)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.Disabled);
}

const MODELS = 'select model_name from models order by model_name';

/** One model. */
export const oneModel = (): QueryVariableBuilder => fromSql('model', 'Model', MODELS);

/** Any number of models, all of them to begin with. */
export const anyModels = (): QueryVariableBuilder => oneModel().multi(true).includeAll(true).current(ALL);

/** Any number of versions of the models chosen, all of them to begin with: a promotion does not end a chart. */
export const anyVersions = (): QueryVariableBuilder =>
  fromSql(
    'version',
    'Version',
    `select version::text from (select distinct model_version as version from model_versions
 where model_name = any (array[\${model:sqlstring}]::text[])) as versions order by version desc`,
  )
    .multi(true)
    .includeAll(true)
    .current(ALL);

/** One feature, the one that moves the model's answers most to begin with. */
export const oneFeature = (): QueryVariableBuilder =>
  fromSql(
    'feature',
    'Feature',
    `select subject ->> 'name' from model_versions, jsonb_array_elements(reference_profile -> 'subjects') as subject
 where model_name = any (array[\${model:sqlstring}]::text[]) and model_version::text = any (array[\${version:sqlstring}]::text[]) and subject ->> 'kind' = 'feature'
 group by 1 order by max((subject ->> 'importance')::float8) desc nulls last, 1`,
  );

/** One measure of performance, of those that are known of the model; accuracy or the mean absolute error first. */
export const oneMeasure = (): QueryVariableBuilder =>
  fromSql(
    'measure',
    'Measure',
    `select measure ->> 'metric' from performance_windows, jsonb_path_query(report, '$.*.metrics[*]') as measure
 where model_name = any (array[\${model:sqlstring}]::text[]) and model_version::text = any (array[\${version:sqlstring}]::text[])
 group by 1 order by measure ->> 'metric' in ('accuracy', 'mae') desc, 1`,
  );

/** Where people reach the monitor's pages; behind another address, change it at the top of the dashboard. */
export const consoleAddress = (): TextBoxVariableBuilder =>
  new TextBoxVariableBuilder('console').label('Console').defaultValue('http://127.0.0.1:8081');
