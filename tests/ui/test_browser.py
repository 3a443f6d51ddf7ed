"""A visitor with a real browser: makes somebody, talks to them, keeps, gives away and brings back."""

from __future__ import annotations

import json
import threading
import time
import zipfile

import pytest
from page_server import ANSWER, page_of
from visiting import LONG_MS, call, open_tab, state, wait_live

from chatanything.media.video import read_video
from chatanything.provenance.c2pa import verify_file

pytestmark = [pytest.mark.weights, pytest.mark.slow]
NASTY = '<img src=x onerror="window.hurt=1"><b>an apple</b> {{value}} ${1+1}'
PENDING = "() => { const p = chatanything.call.pending(); return p.sounds + p.pictures + p.captions; }"
INTERRUPT = """async () => {
  const begin = performance.now();
  document.querySelector('[data-part="stop"]').click();
  const left = () => { const p = chatanything.call.pending(); return p.sounds + p.pictures + p.captions; };
  while (left()) await new Promise((go) => setTimeout(go, 5));
  return performance.now() - begin;
}"""


def say(page, words):
    page.fill("#call-words", words)
    page.keyboard.press("Enter")
    wait_live(page, "speaking")


def loudest_and_pictures(page, seconds):
    """Largest level of the AudioContext, and how many different pictures the canvas showed."""
    return page.evaluate(
        """async (seconds) => {
          const canvas = document.querySelector('[data-part="canvas"]');
          const seen = new Set();
          let loudest = 0;
          for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) {
            loudest = Math.max(loudest, chatanything.call.speaker.level());
            seen.add(canvas.toDataURL("image/jpeg", 0.6));
            await new Promise((go) => setTimeout(go, 90));
          }
          return [loudest, seen.size];
        }""",
        seconds,
    )


def test_somebody_is_made_and_changed(visit, site):
    visit.get_by_role("button", name="a cheerful apple who sings opera").click()
    visit.wait_for_function("document.querySelector('#description textarea').value.includes('apple')")
    visit.click("#create")
    visit.wait_for_selector("#stage video", timeout=LONG_MS)
    visit.wait_for_function("document.querySelector('#stage video').readyState >= 2")
    library = site[1].libraries.of("local")
    kept = library.all()[0]
    assert kept.greeting.startswith("Bravo!")
    assert visit.inner_text("#about h2") == kept.name
    visit.wait_for_function("document.querySelectorAll('#faces .face').length === 6", timeout=LONG_MS)
    before = kept.portrait.read_bytes()
    visit.get_by_role("button", name="Face 3").click()
    _wait(lambda: library.find(kept.id).portrait.read_bytes() != before and library.find(kept.id).clip)
    visit.get_by_role("tab", name="Voice", exact=True).click()
    visit.click("#hear")
    visit.wait_for_function("document.querySelector('#sample audio')?.duration > 0.5", timeout=LONG_MS)
    assert visit.locator("#voice .reasons li").count() >= 3
    visit.get_by_role("tab", name="Character", exact=True).click()
    visit.get_by_label("Name", exact=True).fill("Rosa <b>Apfel</b>")
    visit.get_by_label("Loves").fill("opera\nmorning sun\nrain\nsnow\nwind\nfog")
    visit.click("#save-card")
    visit.wait_for_selector("#status .bad")
    assert "context.loves" in visit.inner_text("#status")
    assert visit.get_by_label("Name", exact=True).input_value() == "Rosa <b>Apfel</b>"
    visit.get_by_label("Loves").fill("opera\nrain")
    visit.click("#save-card")
    _wait(lambda: library.find(kept.id).name == "Rosa <b>Apfel</b>" and library.find(kept.id).clip)
    assert library.load(kept.id).card.provenance["context.loves"] == "user"


def test_a_conversation_is_heard_seen_and_read(visit, kept):
    call(visit, kept)
    say(visit, "Hello!")
    loudest, pictures = loudest_and_pictures(visit, 2.5)
    assert loudest > 0.01
    assert pictures >= 3  # far more on a machine that does nothing else
    assert visit.inner_text('[data-part="caption"]') in ANSWER
    assert visit.inner_text('[data-part="mood"]')
    visit.wait_for_function(
        "(all) => chatanything.call.lastReply.trim() === all", arg=ANSWER, timeout=LONG_MS
    )
    lines = visit.locator(".call-line").all_inner_texts()
    assert [line.split("\n")[0] for line in lines[-2:]] == ["You", kept.name]
    assert lines[-1].split("\n")[1] == ANSWER


def test_an_interruption_empties_all_queues_at_once(visit, kept):
    call(visit, kept)
    say(visit, "Tell me a story!")
    visit.wait_for_function(PENDING)
    assert visit.evaluate(INTERRUPT) < 150
    visit.wait_for_timeout(300)
    assert visit.evaluate("chatanything.call.speaker.level()") == 0
    visit.wait_for_timeout(1500)
    assert visit.evaluate(PENDING) == 0
    say(visit, "Tell me a story again!")
    visit.wait_for_function(PENDING)
    visit.keyboard.press("Escape")
    assert visit.evaluate(PENDING) == 0
    assert state(visit) == "Live"


def test_late_sound_moves_everything_and_pieces_join(visit):
    open_tab(visit, "Talk")
    visit.wait_for_function("window.chatanything?.call")
    first, second, joined, left, after, most = visit.evaluate("""async () => {
      const { speaker, timeline, screen } = chatanything.call;
      await speaker.wake();
      timeline.start(0);
      const piece = new Int16Array(2400).fill(1000); // 0.1 s
      speaker.play(1, -1, piece, 24000); // a second too late
      const [first, end] = [timeline.delay, speaker.end];
      speaker.play(1, -0.9, piece, 24000);
      const [second, joined] = [timeline.delay, speaker.end - end];
      speaker.cut(1);
      const left = speaker.playing.size;
      speaker.play(2, timeline.now() - timeline.offset + 0.3, piece, 24000);
      const after = timeline.delay;
      const jpeg = await new Promise((go) => screen.canvas.toBlob(go, "image/jpeg"));
      const data = await jpeg.arrayBuffer();
      for (let i = 0; i < 120; i++) await screen.push(2, 1000 + i, data);
      const most = screen.queue.length;
      screen.clear();
      await speaker.close();
      return [first, second, joined, left, after, most];
    }""")
    assert 0.98 < first < 1.4
    assert second == pytest.approx(first, abs=0.01)
    assert joined == pytest.approx(0.1, abs=1e-6)
    assert left == 0
    assert after == pytest.approx(0.15)
    assert most == 90


def test_spoken_words_are_understood(visit, site, kept):
    if site[1].ear() is None:
        pytest.skip("nothing here recognises speech; pip install 'chatanything[hearing]'")
    call(visit, kept)
    visit.get_by_role("button", name="Switch the microphone on").click()
    visit.wait_for_function(
        "[...document.querySelectorAll('.call-you')].some((e) => /sing last night/i.test(e.textContent))",
        timeout=LONG_MS,
    )
    visit.get_by_role("button", name="Switch the microphone off").click()
    wait_live(visit, "speaking")


def test_a_call_comes_back_and_cleans_up(visit, site, kept, apple):
    other = site[1].libraries.of("local").add(apple, now_s=2.0)
    call(visit, kept)
    visit.evaluate("chatanything.call.link.socket.close()")
    wait_live(visit, "calling")
    wait_live(visit, "live")
    say(visit, "Hello again!")
    before = visit.evaluate("chatanything.call.screen.drawn")
    visit.wait_for_function(f"chatanything.call.screen.drawn > {before}")
    visit.evaluate("(id) => chatanything.meet({ ...chatanything.call.order, persona: id })", other.id)
    assert visit.evaluate("chatanything.call.link") is None
    assert visit.evaluate("chatanything.call.speaker.context") is None
    assert visit.locator(".call-line").count() == 0
    _wait(lambda: not any(thread.name.startswith("live:") for thread in threading.enumerate()))


def test_an_answer_is_saved_as_a_signed_video(visit, site, kept, tmp_path):
    call(visit, kept)
    said = visit.evaluate("chatanything.call.lastReply")
    visit.click("#save-clip")
    link = visit.get_by_role("link", name="Download the video")
    link.wait_for(timeout=LONG_MS)
    with visit.expect_download() as download:
        link.click()
    path = tmp_path / "clip.mp4"
    download.value.save_as(path)
    frames, fps = read_video(path)
    assert (next(frames).shape, fps) == ((256, 256, 3), 25)
    found = verify_file(path, config=site[1].config)
    assert (found.state, found.trusted) == ("valid", True)
    assert visit.inner_text("#saved figcaption p >> nth=0") == said
    verify_in_page(visit, path, kept.name)


def verify_in_page(page, path, name):
    """The page knows its own video again, and one with a changed byte not."""
    open_tab(page, "Verify")
    page.set_input_files("#verify-file input[type=file]", path)
    page.wait_for_selector("#verify-status .good")
    assert "as it was made" in page.inner_text("#verify-status")
    assert name in page.inner_text("#verify-facts")
    changed = path.with_name("changed.mp4")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    page.get_by_label("Clear").or_(page.get_by_label("Remove this file")).first.click()
    page.set_input_files("#verify-file input[type=file]", changed)
    page.wait_for_selector("#verify-status .bad")
    assert "changed after it was signed" in page.inner_text("#verify-status")


def test_cards_go_out_and_come_back(visit, site, kept, tmp_path):
    library = site[1].libraries.of("local")
    open_tab(visit, "Gallery")
    card = visit.locator(".face-card", has=visit.locator(f'[data-id="{kept.id}"]')).first
    for kind, number in (("png", 0), ("charx", 1), ("json", 2)):
        card.get_by_label(f"Export {kept.name}").click()
        with visit.expect_download() as download:
            card.locator(".menu a").nth(number).click()
        assert download.value.suggested_filename == f"{kept.id}.{kind}"
        download.value.save_as(tmp_path / f"card.{kind}")
        card.get_by_label(f"Export {kept.name}").click()
    count = len(library.all())
    visit.set_input_files("#import input, input#import, input[type=file]", tmp_path / "card.png")
    visit.wait_for_function("document.querySelector('#gallery-status .good')", timeout=LONG_MS)
    assert len(library.all()) == count + 1
    newest = library.all()[0]
    assert newest.clip is not None
    assert library.load(newest.id).card.name == kept.name
    clip = visit.locator(f'.face-card:has([data-id="{newest.id}"])')
    clip.locator(".face-look").hover()
    visit.wait_for_function(
        f"document.querySelector('.face-card:has([data-id=\"{newest.id}\"]) video').currentTime > 0.2"
    )
    clip.get_by_role("button", name=f"Delete {newest.name}").click()
    visit.get_by_role("button", name="Cancel").click()
    assert len(library.all()) == count + 1
    clip.get_by_role("button", name=f"Delete {newest.name}").click()
    visit.locator("dialog").get_by_role("button", name="Delete").click()
    _wait(lambda: len(library.all()) == count)
    visit.get_by_label("Search").fill("zebra")
    visit.wait_for_selector("text=Nobody fits.")


def test_a_list_becomes_videos(visit, kept, tmp_path):
    open_tab(visit, "Batch")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("description,text,seed\nan owl,Hoo,x\nan owl,Hoo,1\n", encoding="utf-8")
    visit.set_input_files("#jobs input[type=file]", wrong)
    visit.wait_for_selector("#batch-status .bad")
    assert "expected a number" in visit.inner_text("#batch-table")
    assert visit.is_disabled("#batch-start")
    good = tmp_path / "good.jsonl"
    good.write_text(
        "".join(json.dumps({"persona": kept.id, "text": text}) + "\n" for text in ("One.", "Two."))
    )
    visit.get_by_label("Clear").or_(visit.get_by_label("Remove this file")).first.click()
    visit.set_input_files("#jobs input[type=file]", good)
    visit.wait_for_function("!document.querySelector('#batch-start').disabled")
    visit.click("#batch-start")
    link = visit.get_by_role("link", name="Download all (zip)")
    link.wait_for(timeout=LONG_MS)
    with visit.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        videos = [name for name in archive.namelist() if name.endswith(".mp4")]
        archive.extractall(tmp_path)
    assert len(videos) == 2
    assert all(next(read_video(tmp_path / name)[0]).shape == (256, 256, 3) for name in videos)


def test_html_stays_text(visit, site):
    visit.get_by_label("Who is it?").fill(NASTY)
    visit.get_by_label("What does it say first?").fill(NASTY)
    visit.click("#create")
    visit.wait_for_selector("#stage video", timeout=LONG_MS)
    assert NASTY in visit.inner_text("#about")
    open_tab(visit, "Gallery")
    visit.wait_for_selector(".face-card")
    assert NASTY in visit.inner_text("#cards")
    assert visit.locator("img[src=x]").count() == 0
    assert visit.evaluate("window.hurt") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_one_way_and_every_control_has_a_name(browser, site, kept, scheme):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(site[0])
    page.wait_for_selector("#create")
    for name in ("Create", "Talk", "Gallery", "Batch"):
        open_tab(page, name)
        page.wait_for_timeout(800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert _nameless(page) == []
    open_tab(page, "Gallery")
    page.get_by_role("button", name="Edit").first.click()
    page.wait_for_selector("#bench")
    for name in ("Face", "Voice", "Character"):
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert _nameless(page) == []
    context.close()


def _nameless(page):
    """Controls that a screen reader would have no name for."""
    return page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input, textarea, select, summary, audio,' +
            'video[controls], [role=tab], [role=img]')]
          .filter((e) => e.offsetParent && !e.closest('[aria-hidden=true]'))
          .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length ||
            e.getAttribute('aria-labelledby') || e.title))
          .map((e) => e.outerHTML.slice(0, 160))"""
    )


def _wait(test, seconds=120.0):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_public_page_gives_every_browser_its_own_gallery(browser, tmp_path, apple):
    with page_of(tmp_path, alone=False) as (url, _):
        first, second = (browser.new_context() for _ in range(2))
        tokens = []
        for context in (first, second):
            page = context.new_page()
            page.goto(url)
            page.wait_for_selector("#create")
            page.wait_for_function("localStorage.getItem('chatanything') !== null")
            page.get_by_label("Who is it?").fill("")
            page.click("#create")
            page.wait_for_selector("#status .bad")
            tokens.append(page.evaluate("localStorage.getItem('chatanything')"))
            assert "your browser" not in page.inner_text("#status")
        assert tokens[0] != tokens[1]
        assert first.request.get(f"{url}/v1/personas").status == 401
        first.close()
        second.close()
