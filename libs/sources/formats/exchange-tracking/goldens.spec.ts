import { FileGoldens } from '../../readers/file-goldens.fixture';
import { exchangeTracking } from '.';

const goldens = new FileGoldens(exchangeTracking, __dirname);

describe('fixtures', () => {
  it.each(goldens.files)('%s gives the events that an independent reading gives', async (file) => {
    expect(await goldens.read(file)).toEqual(goldens.golden(file).records);
  });

  it.each(goldens.files)('%s is known by its columns', async (file) => {
    expect(await goldens.score(file)).toBeGreaterThanOrEqual(0.3);
  });
});
