import { render } from 'preact';
import { App } from './shell/app.tsx';
import { followLinks } from './shell/place.ts';
import { dress } from './shell/theme.ts';
import { speakAsBefore } from './words/words.ts';

dress();
followLinks();
const page = document.querySelector('#page');
if (page !== null) render(<App />, page);
void speakAsBefore();
