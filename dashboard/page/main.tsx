import { render } from 'preact';
import { App } from './shell/app.tsx';
import { followLinks } from './shell/place.ts';
import { applyTheme } from './shell/theme.ts';
import { restoreLanguage } from './words/words.ts';

applyTheme();
followLinks();
const page = document.querySelector('#page');
if (page !== null) render(<App />, page);
void restoreLanguage();
