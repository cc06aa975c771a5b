import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useShownTheme } from '../theme/theme';
import { currentPalette, type Palette } from './palette';

interface ChartProps {
  /** what the chart shows, in a sentence; the figures themselves stand in a table beside it */
  label: string;
  height: number;
  option: (palette: Palette) => EChartsCoreOption;
  /** the chart once it is drawn, for what asks it about positions */
  onDrawn?: (chart: EChartsType) => void;
}

/** A chart of ECharts, which is loaded with the first chart. Follows the theme and the width of its place. */
export function Chart({ label, height, option, onDrawn }: ChartProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const theme = useShownTheme();
  const [chart, setChart] = useState<EChartsType | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = place.current as HTMLDivElement;
    let made: EChartsType | undefined;
    let gone = false;
    const resized = new ResizeObserver(() => made?.resize());
    import('./echarts-parts').then(
      ({ init }) => {
        if (gone) return;
        made = init(element);
        resized.observe(element);
        setChart(made);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      resized.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (!chart) return;
    chart.setOption({ ...option(currentPalette()), animation: false }, { notMerge: true });
    onDrawn?.(chart);
  }, [chart, option, theme, onDrawn]);

  return (
    <div role="img" aria-label={label} className="chart" style={{ height }}>
      <div ref={place} style={{ height }} data-drawn={chart !== null} />
      {failed && <p role="alert">The chart could not be loaded: reload the page. The table below has its figures.</p>}
    </div>
  );
}
