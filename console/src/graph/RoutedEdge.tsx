import { BaseEdge, type EdgeProps } from '@xyflow/react';
import type { Point } from './layout';

/** An edge that passes the points which the layout kept free for it, so that it does not run under other nodes. */
export function RoutedEdge({ sourceX, sourceY, targetX, targetY, data, label, markerEnd, style }: EdgeProps) {
  const between = isPoints(data?.points) ? data.points : [];
  const points = [{ x: sourceX, y: sourceY }, ...between, { x: targetX, y: targetY }];
  const path = points.slice(1).reduce((drawn, to, index) => {
    const from = points[index] ?? to;
    const middle = (from.y + to.y) / 2;
    return `${drawn} C ${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
  }, `M ${sourceX} ${sourceY}`);
  const next = points[1] ?? { x: targetX, y: targetY };
  return (
    <BaseEdge
      path={path}
      markerEnd={markerEnd}
      style={style}
      label={label}
      labelX={(sourceX + next.x) / 2}
      labelY={(sourceY + Math.min(next.y, sourceY + 60)) / 2}
      labelStyle={{ fill: 'var(--mantine-color-text)', fontSize: 12 }}
      labelBgStyle={{ fill: 'var(--mantine-color-body)' }}
    />
  );
}

const isPoints = (value: unknown): value is Point[] => Array.isArray(value);
