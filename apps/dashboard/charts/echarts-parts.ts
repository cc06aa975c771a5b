import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

// Only what the dashboard draws; loaded when the first chart is shown, not with the page.
use([BarChart, CustomChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

export { init };
