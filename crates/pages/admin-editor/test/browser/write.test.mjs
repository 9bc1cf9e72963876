// Writing, as a person does it: by keyboard, by mouse, and with what else there is.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { blocks, launch, open, plain, press, value, write } from './open.mjs';
import { startSite } from './site.mjs';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC';
const tree = (...list) => ({ version: 1, blocks: list });
const p = (text, id = 'p') => ({ id, type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] });
const para = (...content) => ({ type: 'paragraph', content });

let browser;
let site;
before(async () => {
  browser = await launch();
  site = await startSite();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Does something on a page and holds the browser to having nothing to complain of. */
async function on(options, act, view) {
  const complaints = await open(browser, site, options, act, view);
  assert.deepEqual(complaints.filter((it) => !/status of (404|413)/.test(it)), []);
}

/** What becomes of text that is written. */
async function written(text, expected) {
  await on({}, async (page) => {
    await write(page, text);
    assert.deepEqual(plain(await blocks(page)), expected);
  });
}

const click = (page, label) => page.click(`::-p-aria([name="${label}"])`);

describe('Markdown’s signs', () => {
  test('make blocks', async () => {
    await written('# One\n### Three\nText\n\n> said', [
      { type: 'heading', level: 1, content: ['One'] }, { type: 'heading', level: 3, content: ['Three'] }, para('Text'),
      { type: 'quote', blocks: [para('said')] },
    ]);
    await written('```rust\nfn a() {\n}', [{ type: 'code', language: 'rust', text: 'fn a() {\n}' }]);
    await written('above\n---below', [para('above'), { type: 'divider' }, para('below')]);
    await written('> [!WARNING] hot', [{ type: 'callout', tone: 'warning', blocks: [para('hot')] }]);
  });

  test('make lists, tasks and lists in lists', async () => {
    await written('- a\nb\n\nafter', [
      { type: 'list', style: 'bulleted', items: [{ blocks: [para('a')] }, { blocks: [para('b')] }] }, para('after'),
    ]);
    await written('3. c\nd', [{ type: 'list', style: 'numbered', start: 3, items: [{ blocks: [para('c')] }, { blocks: [para('d')] }] }]);
    await written('[ ] do\ntoo', [{ type: 'list', style: 'bulleted', items: [
      { checked: false, blocks: [para('do')] }, { checked: false, blocks: [para('too')] }] }]);
    await on({}, async (page) => {
      await write(page, '1. a\n');
      await press(page, 'Tab');
      await page.keyboard.type('b');
      assert.deepEqual(plain(await blocks(page)), [{ type: 'list', style: 'numbered', items: [
        { blocks: [para('a'), { type: 'list', style: 'numbered', items: [{ blocks: [para('b')] }] }] }] }]);
      await press(page, 'Shift', 'Tab');
      await page.keyboard.type('!');
      assert.equal((await blocks(page))[0].items.length, 2);
    });
  });

  test('make marks, and leave words with such signs in them alone', async () => {
    await written('a **b** *c* ~~d~~ ==e== `f*g*` _h_ [i](/j) k', [para(
      'a ', { bold: 'b' }, ' ', { italic: 'c' }, ' ', { strike: 'd' }, ' ', { highlight: 'e' }, ' ', { code: 'f*g*' }, ' ',
      { italic: 'h' }, ' ', { '/j': 'i' }, ' k')]);
    await written('snake_case_word and 2 * 3 * 4 [x](javascript:y)', [para('snake_case_word and 2 * 3 * 4 [x](javascript:y)')]);
  });

  test('can be taken back', async () => {
    await on({}, async (page) => {
      await write(page, '# ');
      await press(page, 'Backspace');
      await page.keyboard.type('x');
      assert.deepEqual(plain(await blocks(page)), [para('# x')]);
    });
  });

  test('of a fence with a plugin’s block put it in', async () => {
    await written('```block gallery/grid\n', [{ type: 'gallery/grid', data: {} }]);
  });
});

describe('the textarea', () => {
  test('is what the form sends, and hears of every change once writing pauses', async () => {
    const document = tree(p('Hello'), { id: 'u', type: 'poll', later: [1] });
    await on({ document }, async (page) => {
      assert.equal(await page.$eval('#body', (it) => it.value), JSON.stringify(document));
      await page.evaluate(() => {
        window.heard = [];
        window.dirty = new Promise((resolve) => document.querySelector('form').addEventListener('input', (event) => {
          window.heard.push(event.target.id);
          resolve();
        }));
      });
      await write(page, '');
      await press(page, 'Control', 'Home');
      await press(page, 'End');
      await page.keyboard.type(' there');
      await page.evaluate(() => window.dirty);
      assert.deepEqual([...new Set(await page.evaluate(() => window.heard))], ['body'], 'and of nothing else');
      await page.keyboard.type('!');
      await Promise.all([page.waitForNavigation(), click(page, 'Save')]);
      const sent = JSON.parse(await page.$eval('body', (it) => it.textContent));
      assert.equal(sent['body.form'], 'blocks');
      assert.deepEqual(JSON.parse(sent.body), tree(p('Hello there!'), { id: 'u', type: 'poll', later: [1] }));
    });
  });

  test('stays as it was when nothing is written, whatever is in it', async () => {
    const documents = JSON.parse(readFileSync(new URL('../fixtures/documents.json', import.meta.url), 'utf8'));
    for (const document of documents) {
      await on({ document }, async (page) => {
        await page.focus('.editor-content');
        await press(page, 'Control', 'a');
        await press(page, 'ArrowLeft');
        assert.deepEqual(JSON.parse(await value(page)), document);
      });
    }
  });

  test('keeps the ids of blocks, and new ones have their own', async () => {
    await on({ document: tree(p('One', 'a'), p('Two', 'b')) }, async (page) => {
      await page.focus('.editor-content');
      await press(page, 'Control', 'Home');
      await press(page, 'End');
      await press(page, 'Enter');
      await page.keyboard.type('Between');
      const found = await blocks(page);
      assert.deepEqual(found.map((it) => it.content[0].text), ['One', 'Between', 'Two']);
      assert.deepEqual([found[0].id, found[2].id], ['a', 'b']);
      assert.match(found[1].id, /^b[0-9a-z]{8,}$/);
      const id = found[1].id;
      await page.keyboard.type('!');
      assert.equal((await blocks(page))[1].id, id);
    });
  });

  test('is a field of Markdown where there are no scripts', async () => {
    site.options = { value: '# Hello', document: tree(p('Hello')) };
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(site.base);
    assert.equal(await page.$eval('#body', (it) => it.value), '# Hello');
    await Promise.all([page.waitForNavigation(), page.click('form > button')]);
    assert.deepEqual(JSON.parse(await page.$eval('body', (it) => it.textContent)), { body: '# Hello' });
    await page.close();
  });

  test('of a form that the editor does not know stays a field of text, untouched', async () => {
    const text = JSON.stringify({ version: 9, blocks: [] });
    await on({ value: text }, async (page) => {
      assert.equal(await page.$eval('#body', (it) => !it.hidden && it.value), text);
      assert.equal(await page.$('.editor-content'), null);
      assert.match(await page.$eval('.editor-state', (it) => it.textContent), /does not know/);
    });
  });

  test('that may not be changed is not', async () => {
    await on({ document: tree(p('Hello')), attributes: 'readonly' }, async (page) => {
      await page.focus('.editor-content');
      await page.keyboard.type('x');
      assert.deepEqual(await blocks(page), [p('Hello')]);
      assert.equal(await page.$('.editor-toolbar'), null);
    });
  });

  test('gets what was there back when the form is reset', async () => {
    await on({ document: tree(p('Hello')) }, async (page) => {
      await write(page, ' more');
      await page.evaluate(() => document.querySelector('form').reset());
      await page.waitForFunction(() => document.querySelector('.editor-content')?.textContent === 'Hello');
      assert.deepEqual(await blocks(page), [p('Hello')]);
    });
  });
});

describe('keys', () => {
  test('mark, undo and redo', async () => {
    await on({}, async (page) => {
      await write(page, 'plain ');
      await press(page, 'Control', 'b');
      await page.keyboard.type('bold');
      await press(page, 'Control', 'b');
      await page.keyboard.type(' plain');
      assert.deepEqual(plain(await blocks(page)), [para('plain ', { bold: 'bold' }, ' plain')]);
      await press(page, 'Control', 'z');
      assert.notEqual(plain(await blocks(page))[0]?.content?.length, 3);
      await press(page, 'Control', 'y');
      assert.deepEqual(plain(await blocks(page)), [para('plain ', { bold: 'bold' }, ' plain')]);
    });
  });

  test('reach the toolbar, go along it and come back', async () => {
    await on({ document: tree(p('word')) }, async (page) => {
      await page.focus('.editor-content');
      await press(page, 'Control', 'a');
      await press(page, 'Alt', 'F10');
      const name = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
      assert.equal(await name(), 'Undo');
      await press(page, 'End');
      assert.equal(await name(), 'Insert a block');
      await press(page, 'ArrowRight');
      assert.equal(await name(), 'Undo');
      for (let index = 0; index < 3; index += 1) await press(page, 'ArrowRight');
      assert.equal(await name(), 'Bold');
      await press(page, 'Enter');
      assert.equal(await name(), 'Bold', 'the next button is at hand');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-pressed')), 'true');
      await press(page, 'Escape');
      assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-content')), true);
      assert.deepEqual(plain(await blocks(page)), [para({ bold: 'word' })]);
      assert.equal(await page.$$eval('.editor-toolbar [tabindex="0"]', (it) => it.length), 1);
    });
  });

  test('are not caught in a list: Escape, then Tab, leaves', async () => {
    await on({}, async (page) => {
      await write(page, '- a');
      await press(page, 'Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-content')), true);
      await press(page, 'Escape');
      await press(page, 'Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-content')), false);
    });
  });

  test('move blocks', async () => {
    await on({ document: tree(p('a', 'a'), p('b', 'b'), p('c', 'c')) }, async (page) => {
      await write(page, '');
      await press(page, 'Alt', 'ArrowUp');
      await press(page, 'Alt', 'ArrowUp');
      await page.keyboard.type('!');
      assert.deepEqual(await blocks(page), [p('c!', 'c'), p('a', 'a'), p('b', 'b')]);
      await press(page, 'Alt', 'ArrowDown');
      assert.deepEqual((await blocks(page)).map((it) => it.id), ['a', 'c', 'b']);
    });
  });

  test('get out of a table, code and a callout at the end', async () => {
    const code = { id: 'c', type: 'code', text: 'x' };
    const callout = { id: 'c', type: 'callout', tone: 'tip', blocks: [p('x')] };
    for (const block of [code, callout]) {
      await on({ document: tree(block) }, async (page) => {
        await write(page, '');
        await press(page, 'Control', 'Enter');
        await page.keyboard.type('after');
        assert.deepEqual(plain(await blocks(page)).at(-1), para('after'));
        assert.deepEqual((await blocks(page))[0], block);
      });
    }
  });

  test('go right to left where the page does', async () => {
    await on({ lang: 'ar', document: tree(p('نص')) }, async (page) => {
      await page.focus('.editor-content');
      await press(page, 'Alt', 'F10');
      await press(page, 'ArrowLeft');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'إعادة');
      assert.equal(await page.$eval('.editor-content', (it) => getComputedStyle(it).direction), 'rtl');
    });
  });
});

describe('the menu behind /', () => {
  test('finds blocks by name and puts them in', async () => {
    await on({}, async (page) => {
      await write(page, '/head');
      const names = await page.$$eval('.editor-slash [role=option] span', (all) => all.map((it) => it.textContent));
      assert.deepEqual(names, ['Heading 1', 'Heading 2', 'Heading 3', 'Heading 4']);
      await press(page, 'ArrowDown');
      const active = await page.$eval('.editor-content', (it) => document.getElementById(it.getAttribute('aria-activedescendant')).textContent);
      assert.match(active, /Heading 2/);
      await press(page, 'Enter');
      await page.keyboard.type('Found');
      assert.deepEqual(plain(await blocks(page)), [{ type: 'heading', level: 2, content: ['Found'] }]);
    });
  });

  test('goes on Escape, and leaves what was written', async () => {
    await on({}, async (page) => {
      await write(page, 'and /or');
      await press(page, 'Escape');
      assert.equal(await page.$('.editor-slash'), null);
      await page.keyboard.type(' not');
      assert.deepEqual(plain(await blocks(page)), [para('and /or not')]);
    });
  });
});

describe('tables', () => {
  const rowsOf = async (page) => {
    const [table] = plain(await blocks(page));
    return [table.header, ...table.rows].map((row) => row.map((cell) => cell.join('')));
  };

  test('are written in with Tab and Enter', async () => {
    await on({}, async (page) => {
      await page.focus('.editor-content');
      await click(page, 'Table');
      for (const text of ['Name', 'Count', 'Note', 'Apples']) {
        await page.keyboard.type(text);
        await press(page, 'Tab');
      }
      await page.keyboard.type('12');
      await press(page, 'Enter');
      await page.keyboard.type('below');
      assert.deepEqual(await rowsOf(page), [['Name', 'Count', 'Note'], ['Apples', '12', ''], ['', 'below', '']]);
      await press(page, 'Enter');
      await page.keyboard.type('new');
      assert.equal((await rowsOf(page)).length, 4);
    });
  });

  test('get rows and columns, lose them, and have a header and alignment', async () => {
    const cell = (text) => [{ type: 'text', text }];
    const table = { id: 't', type: 'table', alignments: [null, 'right'], header: [cell('A'), cell('B')], rows: [[cell('c'), cell('d')]] };
    await on({ document: tree(table, p('after')) }, async (page) => {
      await page.click('.editor-content td');
      await click(page, 'Insert row after');
      await click(page, 'Insert column after');
      assert.deepEqual(await rowsOf(page), [['A', '', 'B'], ['c', '', 'd'], ['', '', '']]);
      await click(page, 'Align column to the middle');
      assert.deepEqual((await blocks(page))[0].alignments, ['center', null, 'right']);
      await click(page, 'Delete row');
      await click(page, 'Delete column');
      assert.deepEqual(await rowsOf(page), [['', 'B'], ['', '']]);
      await click(page, 'Header row');
      assert.deepEqual((await blocks(page))[0].header, [[], []]);
      assert.equal((await blocks(page))[0].rows.length, 2);
      await click(page, 'Delete table');
      assert.deepEqual(await blocks(page), [p('after')]);
    });
  });
});

describe('images', () => {
  const drop = (page, name, type) => page.evaluate((base64, name, type) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], name, { type }));
    const target = document.querySelector('.editor-content p');
    const { left, top, height } = target.getBoundingClientRect();
    target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, clientX: left + 5, clientY: top + height / 2 }));
  }, PIXEL, name, type);

  test('are uploaded where they are dropped, and get their alternative text and caption', async () => {
    await on({ document: tree(p('First', 'a'), p('Second', 'b')) }, async (page) => {
      await drop(page, 'dusk.png', 'image/png');
      await page.waitForSelector('figure img');
      assert.deepEqual((await blocks(page)).map((it) => it.type), ['paragraph', 'image', 'paragraph']);
      await page.click('figure img');
      await page.type('.editor-in-alt', 'Dusk');
      await press(page, 'Enter');
      await page.click('figcaption');
      await page.keyboard.type('Over the sea');
      const [, image] = await blocks(page);
      assert.equal(image.alt, 'Dusk');
      assert.deepEqual(image.caption, [{ type: 'text', text: 'Over the sea' }]);
      assert.equal(await page.$eval('figure img', (it) => it.alt), 'Dusk');
      assert.match(await page.$eval('.editor-state', (it) => it.textContent), /dusk\.png is uploaded/);
    });
  });

  test('that the server refuses leave nothing behind but its reason', async () => {
    site.fails.add('/upload');
    await on({ document: tree(p('First')) }, async (page) => {
      await drop(page, 'large.png', 'image/png');
      await page.waitForFunction(() => document.querySelector('.editor-state').textContent.includes('too large'));
      assert.deepEqual(await blocks(page), [p('First')]);
      assert.equal(await page.$('.editor-upload'), null);
    });
    site.fails.clear();
  });

  test('are chosen from the library', async () => {
    await on({}, async (page) => {
      await page.focus('.editor-content');
      await click(page, 'Image');
      await page.waitForSelector('.editor-tile');
      assert.equal(await page.$$eval('.editor-tile', (it) => it.length), 2, 'no files that are no images');
      await page.type('.editor-dialog input[type=search]', 'harb');
      await page.waitForFunction(() => document.querySelectorAll('.editor-tile').length === 1);
      await page.click('.editor-tile');
      await page.waitForSelector('figure img');
      assert.deepEqual(plain(await blocks(page)), [{ type: 'image', asset: 'harbour', alt: 'A harbour at dusk' }]);
      assert.equal(await page.$eval('figure img', (it) => it.getAttribute('src')), '/media/k/harbour.svg');
    });
  });

  test('of files that are no images become links', async () => {
    await on({ document: tree(p('First')) }, async (page) => {
      await drop(page, 'report.pdf', 'application/pdf');
      await page.waitForSelector('.editor-content a');
      assert.match(JSON.stringify(plain(await blocks(page))), /"\/media\/k\/up\.pdf":"report\.pdf"/);
    });
  });
});

describe('blocks that are one thing', () => {
  test('of a plugin have a form made from its schema, which keeps what it does not know', async () => {
    const block = { id: 'g', type: 'gallery/grid', data: { heading: 'Old', kept: { deep: [1] }, images: ['a'] } };
    await on({ document: tree(block, p('after')) }, async (page) => {
      await page.waitForFunction(() => document.querySelector('.editor-card strong').textContent === 'Gallery');
      await page.click('.editor-card');
      await page.waitForSelector('.editor-content:focus .ProseMirror-selectednode');
      await new Promise((resolve) => setTimeout(resolve, 50));
      await press(page, 'Enter');
      await page.waitForSelector('dialog[open]');
      const fill = async (name, text) => {
        const input = await page.$(`dialog ::-p-aria([name="${name}"])`);
        await input.click({ count: 3 });
        await page.keyboard.type(text);
      };
      await fill('Heading *', 'New');
      await fill('Columns', '9');
      await click(page, 'Apply');
      assert.match(await page.$eval('dialog .editor-problem', (it) => it.textContent), /columns/);
      await fill('Columns', '2');
      await click(page, 'Apply');
      await page.waitForSelector('dialog', { hidden: true });
      const [found] = await blocks(page);
      assert.deepEqual(found, { ...block, data: { ...block.data, heading: 'New', columns: 2 } });
      assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-content')), true);
    });
  });

  test('of a plugin that is not there have their data as JSON', async () => {
    const block = { id: 'g', type: 'gone/away', data: { a: 1 } };
    await on({ document: tree(block) }, async (page) => {
      await page.click('.editor-card', { count: 2 });
      const area = await page.waitForSelector('dialog textarea');
      await area.click({ count: 3 });
      await press(page, 'Control', 'a');
      await page.keyboard.type('{"a": 2');
      await click(page, 'Apply');
      assert.match(await page.$eval('dialog .editor-problem', (it) => it.textContent), /not JSON/);
      await area.click();
      await press(page, 'Control', 'End');
      await page.keyboard.type('}');
      await click(page, 'Apply');
      assert.deepEqual(await blocks(page), [{ ...block, data: { a: 2 } }]);
    });
  });

  test('from elsewhere are put in by their address', async () => {
    await on({}, async (page) => {
      await write(page, '/embed\n');
      await page.waitForSelector('dialog input');
      await page.keyboard.type('javascript:x');
      await press(page, 'Enter');
      assert.match(await page.$eval('dialog .editor-problem', (it) => it.textContent), /https/);
      await press(page, 'Control', 'a');
      await page.keyboard.type('https://video.example/2');
      await press(page, 'Enter');
      assert.deepEqual(plain(await blocks(page)), [{ type: 'embed', url: 'https://video.example/2' }]);
    });
  });

  test('never run or load what is in them', async () => {
    const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    const link = { type: 'text', text: 'x', marks: [{ type: 'link', href: 'javascript:window.hacked=1' }] };
    const document = tree({ id: 'h', type: 'html', html: hostile }, { id: 'l', type: 'paragraph', content: [link, { type: 'html', html: hostile }] },
      { id: 'i', type: 'image', url: 'javascript:window.hacked=1', alt: hostile }, { id: 'u', type: 'poll', q: hostile },
      { id: 'e', type: 'embed', url: 'javascript:window.hacked=1' });
    await on({ document }, async (page) => {
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      assert.equal(await page.$eval('.editor-content a', (it) => it.getAttribute('href')), '#');
      assert.deepEqual(JSON.parse(await value(page)), document);
    });
  });
});

describe('links and footnotes', () => {
  test('a link is set by key, changed and removed', async () => {
    await on({ document: tree(p('word')) }, async (page) => {
      await page.focus('.editor-content');
      await press(page, 'Control', 'a');
      await press(page, 'Control', 'k');
      await page.waitForSelector('dialog input');
      await page.keyboard.type('example.com/a');
      await press(page, 'Enter');
      assert.deepEqual(plain(await blocks(page)), [para({ 'https://example.com/a': 'word' })]);
      await click(page, 'Remove link');
      assert.deepEqual(plain(await blocks(page)), [para('word')]);
    });
  });

  test('a footnote gets its reference and its place at the end', async () => {
    await on({ document: tree(p('Text')) }, async (page) => {
      await write(page, ' /footn\n');
      await page.keyboard.type('The note');
      assert.deepEqual(plain(await blocks(page)), [
        para('Text ', { type: 'footnote_reference', label: '1' }), { type: 'footnote', label: '1', blocks: [para('The note')] },
      ]);
    });
  });
});

describe('Markdown', () => {
  const document = tree({ id: 'h', type: 'heading', level: 1, content: [{ type: 'text', text: 'Title' }] }, p('Text', 'x'));

  test('is shown and written in place of blocks, which keep their ids', async () => {
    await on({ document }, async (page) => {
      await click(page, 'Markdown');
      await page.waitForFunction(() => !document.querySelector('#body').hidden);
      assert.equal(await page.$eval('#body', (it) => it.value), '# Title\n\nText\n');
      await press(page, 'Control', 'End');
      await page.keyboard.type('\nMore');
      await click(page, 'Visual');
      await page.waitForSelector('.editor-content');
      const found = await blocks(page);
      assert.deepEqual(plain(found), [{ type: 'heading', level: 1, content: ['Title'] }, para('Text'), para('More')]);
      assert.deepEqual(found.slice(0, 2).map((it) => it.id), ['h', 'x']);
    });
  });

  test('that something else on the page writes takes the place of blocks or stands behind them, and can be taken back', async () => {
    const suggest = (page, detail) => page.evaluate((it) => {
      document.querySelector('#body').dispatchEvent(new CustomEvent('editor-write', { detail: it }));
    }, detail);
    const shows = (page, text) => page.waitForFunction((it) => document.querySelector('.editor-content').textContent === it, {}, text);
    await on({ document }, async (page) => {
      await suggest(page, { markdown: 'More', where: 'end' });
      await shows(page, 'TitleTextMore');
      const found = await blocks(page);
      assert.deepEqual(found.slice(0, 2).map((it) => it.id), ['h', 'x']);
      assert.equal(new Set(found.map((it) => it.id)).size, 3);
      await suggest(page, { markdown: '# Title\n\nAnother', where: 'all' });
      await shows(page, 'TitleAnother');
      assert.equal((await blocks(page))[0].id, 'h', 'what is the same keeps its id');
      await press(page, 'Control', 'z');
      await shows(page, 'TitleTextMore');
    });
    await on({ editor: 'markdown', value: 'One' }, async (page) => {
      await suggest(page, { markdown: 'Two', where: 'end' });
      assert.equal(await page.$eval('#body', (it) => it.value), 'One\n\nTwo');
      await suggest(page, { markdown: 'Three', where: 'all' });
      assert.equal(await page.$eval('#body', (it) => it.value), 'Three');
    });
  });

  test('is sent as Markdown when that is what is shown', async () => {
    await on({ document }, async (page) => {
      await click(page, 'Markdown');
      await page.waitForFunction(() => !document.querySelector('#body').hidden);
      await page.keyboard.type('New ');
      await Promise.all([page.waitForNavigation(), click(page, 'Save')]);
      const sent = JSON.parse(await page.$eval('body', (it) => it.textContent));
      assert.equal(sent['body.form'], 'markdown');
      assert.match(sent.body.replace(/\r/g, ''), /New # Title\n\nText/);
    });
  });

  test('that the server does not convert leaves the blocks', async () => {
    site.fails.add('/convert');
    await on({ document }, async (page) => {
      await click(page, 'Markdown');
      await page.waitForFunction(() => document.querySelector('.editor-state').textContent.includes('too large'));
      assert.deepEqual(JSON.parse(await value(page)), document);
    });
    site.fails.clear();
  });

  test('fields have the signs on buttons and keys, and take images', async () => {
    await on({ editor: 'markdown', value: 'word' }, async (page) => {
      await page.focus('#body');
      await press(page, 'Control', 'a');
      await press(page, 'Control', 'b');
      assert.equal(await page.$eval('#body', (it) => it.value), '**word**');
      await press(page, 'Control', 'z');
      assert.equal(await page.$eval('#body', (it) => it.value), 'word');
      await press(page, 'Control', 'End');
      await click(page, 'Bulleted list');
      assert.equal(await page.$eval('#body', (it) => it.value), '- word');
      await page.evaluate((base64) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], 'a.png', { type: 'image/png' }));
        document.querySelector('#body').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, PIXEL);
      await page.waitForFunction(() => document.querySelector('#body').value.includes('![](/media/k/up.svg)'));
      await Promise.all([page.waitForNavigation(), click(page, 'Save')]);
      assert.equal(JSON.parse(await page.$eval('body', (it) => it.textContent))['body.form'], 'markdown');
    });
  });
});
