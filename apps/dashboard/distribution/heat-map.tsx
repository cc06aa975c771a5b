import type { EChartsType } from 'echarts/core';
import { useCallback, useMemo, useRef, useState, type PointerEvent, type ReactElement } from 'react';
import type { Heatmap, SegmentName } from '../../../libs/http/api-types';
import { Chart } from '../charts/chart';
import type { Palette } from '../charts/palette';
import { SEGMENT_TITLES } from '../words/segment-names';
import { heatCells, patchOf } from './heat-cells';
import { heatOption } from './heat-option';
import { type Patch } from './patch';

interface HeatMapProps {
  map: Heatmap;
  segment: SegmentName;
  onBrush: (patch: Patch) => void;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** The heat map of a segment. Dragging over it, or a click on a cell, selects a patch; the form below it does the same by keyboard. */
export function HeatMap({ map, segment, onBrush }: HeatMapProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [drag, setDrag] = useState<readonly [Corner, Corner] | null>(null);
  const cells = useMemo(() => heatCells(map, segment), [map, segment]);
  const option = useCallback(
    (palette: Palette) => heatOption(map, cells, palette.segments[segment], palette),
    [map, cells, segment],
  );
  const drawn = useCallback((made: EChartsType) => {
    chart.current = made;
  }, []);
  const corner = (event: PointerEvent): Corner => {
    const box = (place.current as HTMLDivElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const select = ([a, b]: readonly [Corner, Corner]): void => {
    const value = ({ x, y }: Corner): number[] => chart.current?.convertFromPixel({ gridIndex: 0 }, [x, y]) ?? [];
    const [[time, low], [timeEnd, high]] = [
      value({ x: Math.min(a.x, b.x), y: Math.max(a.y, b.y) }),
      value({ x: Math.max(a.x, b.x), y: Math.min(a.y, b.y) }),
    ];
    const patch = patchOf(map, cells, { time, timeEnd: timeEnd + 1, low, high: high * 1.0001 });
    if (patch) onBrush(patch);
  };
  return (
    <div
      className="heat"
      ref={place}
      data-heat
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([corner(event), corner(event)]);
      }}
      onPointerMove={(event) => drag && setDrag([drag[0], corner(event)])}
      onPointerUp={(event) => {
        if (drag) select([drag[0], corner(event)]);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
    >
      <Chart
        label={`Heat map of ${SEGMENT_TITLES[segment]}: time from left to right, delay upwards, the stronger the colour, the more mail`}
        height={330}
        option={option}
        onDrawn={drawn}
      />
      {drag && (
        <div
          className="heat-brush"
          style={{
            left: Math.min(drag[0].x, drag[1].x),
            top: Math.min(drag[0].y, drag[1].y),
            width: Math.abs(drag[0].x - drag[1].x),
            height: Math.abs(drag[0].y - drag[1].y),
          }}
        />
      )}
    </div>
  );
}
