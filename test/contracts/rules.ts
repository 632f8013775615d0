import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { packagePath } from '../../core/package-path.js';

/** An alerting rule as written. */
export interface AlertRule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A recording rule as written. */
export interface RecordingRule {
  record: string;
  expr: string;
}

/** What a rule test expects of an alert at one time. */
export interface AlertTest {
  alertname: string;
  exp_alerts?: { exp_labels: Record<string, string>; exp_annotations: Record<string, string> }[];
}

/** Paths of the files of a folder, from the package's folder on. */
export function filesOf(folder: string): string[] {
  return readdirSync(packagePath(folder))
    .sort()
    .map((name) => `${folder}/${name}`);
}

export const ruleFiles = filesOf('prometheus/rules');
export const testFiles = filesOf('prometheus/tests');

const rules = ruleFiles.flatMap((file) => {
  const { groups } = readYaml<{ groups: { rules: (AlertRule | RecordingRule)[] }[] }>(file);
  return groups.flatMap((group) => group.rules);
});
export const alertRules = rules.filter((rule): rule is AlertRule => 'alert' in rule);
export const recordingRules = rules.filter((rule): rule is RecordingRule => 'record' in rule);
export const alertNames = [...new Set(alertRules.map(({ alert }) => alert))];

/** Every expectation of the rule tests about alerts; promtool shows the rules to meet them. */
export const alertTests: AlertTest[] = testFiles.flatMap((file) =>
  readYaml<{ tests: { alert_rule_test?: AlertTest[] }[] }>(file).tests.flatMap((test) => test.alert_rule_test ?? []),
);

/** Reads a YAML file of the package. */
export function readYaml<T>(file: string): T {
  return parse(readFileSync(packagePath(file), 'utf8')) as T;
}
