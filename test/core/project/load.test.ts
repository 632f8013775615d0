import { afterEach, describe, expect, test } from 'vitest';
import { loadProject } from '../../../core/project/load.js';
import { smallManifest, smallOnnx, writeSmallProject } from '../../helpers/project.js';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function load(change?: Parameters<typeof writeSmallProject>[0]): Promise<string> {
  const { folder, remove } = await writeSmallProject(change);
  cleanups.push(remove);
  try {
    await loadProject(folder);
  } catch (error) {
    return (error as Error).message;
  }
  return 'sound';
}

test('accepts a sound project and says what it inferred', async () => {
  const { folder, remove } = await writeSmallProject((parts) => {
    delete parts.manifest.classes;
  });
  cleanups.push(remove);
  const failure = await loadProject(folder).catch((error: Error) => error.message);
  // Classes read off the file are in sorted order, which is not the model's: the answers give that away.
  expect(failure).toContain('put "classes" in the model\'s own order');
  const sound = await writeSmallProject((parts) => {
    parts.manifest.features = smallManifest.features.map((f) =>
      f.name === 'colour' ? { name: 'colour', type: 'categorical' } : f,
    );
  });
  cleanups.push(sound.remove);
  const project = await loadProject(sound.folder);
  expect(project.inferred.join('\n')).toContain('features.colour.categories: 3 read off reference.csv');
  expect(project.inferred.join('\n')).toContain('onnx.input: columns');
  expect(project.manifest.monitoring).toMatchObject({ psiThreshold: 0.1, confirm: [2, 3] });
  expect(project.predictions.rows).toBe(600);
});

describe('names file, line or field, what is wrong, and what to write', () => {
  test('a typo in the manifest', async () => {
    const yaml =
      'name: m\ntask: binary\ntarget: y\nfeatures:\n  - name: a\n    type: numeric\n    rnage: [0, 1]\nmonitering: {}\n';
    const message = await load((parts) => {
      parts.yaml = yaml;
    });
    expect(message).toContain('model.yaml:7  features.0: unknown key "rnage", did you mean "range"?');
    expect(message).toContain('model.yaml:8  the file: unknown key "monitering", did you mean "monitoring"?');
  });
  test('wrong types and missing keys, all at once', async () => {
    const yaml = 'name: My Model\ntask: sorting\nfeatures:\n  - name: a\n    type: number\n';
    const message = await load((parts) => {
      parts.yaml = yaml;
    });
    expect(message).toContain('model.yaml:1  the file: "target" is missing; add it');
    expect(message).toContain('model.yaml:1  name: use lower-case letters, digits and dashes');
    expect(message).toContain('model.yaml:2  task: write binary or multiclass or regression');
    expect(message).toContain('model.yaml:5  features.0.type: write numeric or categorical or boolean');
  });
  test('YAML that is none', async () => {
    expect(
      await load((parts) => {
        parts.yaml = 'name: [unclosed\ntask: binary\n';
      }),
    ).toMatch(/model\.yaml:\d+ {2}not valid YAML/);
  });
  test('a missing reference file', async () => {
    expect(
      await load((parts) => {
        parts.columns = [];
      }),
    ).toContain('reference.csv  is missing; put the training rows with their target here');
  });
  test('a missing column, a cell that is no number and an unknown class', async () => {
    const message = await load((parts) => {
      parts.columns = ['size', 'colour', 'grade'];
      parts.rows[3] = { ...parts.rows[3], size: 'tall' };
      parts.rows[5] = { ...parts.rows[5], grade: 'huge' };
    });
    expect(message).toContain('reference.csv:1  column "weight" is missing; the file has size, colour, grade');
    expect(message).toContain('reference.csv:5  column "size": "tall" is not a number');
    expect(message).toContain(
      'reference.csv:7  column "grade": the target "huge" is not one of the classes low, mid, high',
    );
  });
  test('a missing value in a feature that must have one', async () => {
    expect(
      await load((parts) => {
        parts.rows[0] = { ...parts.rows[0], size: null };
      }),
    ).toContain('reference.csv:2  column "size": a value is missing; write "missing: true"');
  });
  test('an ONNX file with another number of inputs', async () => {
    const tensor = await load((parts) => {
      parts.manifest.onnx = { input: 'tensor' };
    });
    expect(tensor).toContain('model.onnx  has 3 inputs (size, weight, colour), the manifest maps one tensor');
    const columns = await load((parts) => {
      parts.manifest.features = smallManifest.features.slice(0, 2);
    });
    expect(columns).toContain('model.onnx  input colour string[?,1] is no feature of the manifest; add it to features');
  });
  test('a feature that the ONNX file knows by another name', async () => {
    const message = await load((parts) => {
      parts.manifest.features = smallManifest.features.map((f) => (f.name === 'colour' ? { ...f, name: 'color' } : f));
    });
    expect(message).toContain('model.onnx  has no input for feature "color"; did you mean "colour"?');
  });
  test('values that cannot be, with their lines', async () => {
    const yaml =
      'name: m\ntask: binary\ntarget: grade\nclasses: [low, mid, high]\nfeatures:\n  - name: size\n    type: numeric\n    range: [5, 1]\nmonitoring:\n  confirm: [3, 2]\n';
    const message = await load((parts) => {
      parts.yaml = yaml;
    });
    expect(message).toContain('model.yaml:4  task binary needs two classes, found 3: low, mid, high');
    expect(message).toContain('model.yaml:8  features.size.range: the lowest value 5 is not below the highest 1');
    expect(message).toContain('model.yaml:10  monitoring.confirm: 3 of 2 can never hold; write [2, 3]');
  });
  test('a target that is no column, without follow-ups', async () => {
    const message = await load((parts) => {
      parts.manifest.target = 'grades';
      delete parts.manifest.classes;
    });
    expect(message).toContain('reference.csv:1  column "grades" is missing');
    expect(message).not.toContain('classes');
  });
  test('a folder that is not there', async () => {
    await expect(loadProject('no/such/folder')).rejects.toThrow('no/such/folder  there is no such folder');
  });
  test('a file that is no ONNX model', async () => {
    expect(
      await load((parts) => {
        parts.onnx = smallOnnx().slice(0, 100);
      }),
    ).toContain('model.onnx  onnxruntime cannot load it');
  });
  test('outputs that are not there', async () => {
    expect(
      await load((parts) => {
        parts.manifest.onnx = { probabilities: 'prob' };
      }),
    ).toContain('model.onnx  has no output "prob" (onnx.probabilities); its outputs are');
  });
});
