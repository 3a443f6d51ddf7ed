"""The button of the microphone in a real browser: what it opens, and that nothing stays open."""

from __future__ import annotations

import pytest
from visiting import call, open_tab, state

pytestmark = [pytest.mark.weights, pytest.mark.slow]
STREAMS = """() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  window.streams = [];
  media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.streams.push(stream);
    return stream;
  };
  window.recording = () =>
    window.streams.filter((s) => s.getTracks().some((track) => track.readyState === "live")).length;
}"""


def test_a_microphone_opens_once_and_stops_when_it_is_called_off(visit):
    open_tab(visit, "Talk")
    visit.wait_for_function("window.chatanything?.call")
    visit.evaluate(STREAMS)
    both, once, off, none, called_off, left, again = visit.evaluate("""async () => {
      const { microphone } = chatanything.call;
      const both = await Promise.all([microphone.open(), microphone.open()]);
      const once = recording();
      microphone.close();
      const [off, none] = [microphone.on, recording()];
      const opening = microphone.open();
      microphone.close();
      const reopening = microphone.open();
      microphone.close();
      const called = [await opening, await reopening, microphone.on];
      const left = recording();
      await microphone.open();
      const again = [microphone.on, recording()];
      microphone.close();
      return [both, once, off, none, called, left, again];
    }""")
    assert (both, once, off, none) == ([True, True], 1, False, 0)
    assert (called_off, left) == ([False, False, False], 0)
    assert again == [True, 1]
    assert visit.evaluate("recording()") == 0


def test_a_double_click_opens_the_microphone_once(visit, site, kept):
    if site[1].ear() is None:
        pytest.skip("nothing here recognises speech; pip install 'chatanything[hearing]'")
    call(visit, kept)
    visit.evaluate(STREAMS)
    visit.locator('[data-part="mic"]').dblclick()
    off = visit.get_by_role("button", name="Switch the microphone off")
    off.wait_for()
    assert visit.evaluate("recording()") == 1
    off.click()
    visit.get_by_role("button", name="Switch the microphone on").wait_for()
    assert visit.evaluate("recording()") == 0
    visit.evaluate("chatanything.call.toggleMicrophone(), chatanything.call.hangUp()")
    visit.wait_for_function("streams.length === 2 && recording() === 0")
    assert state(visit) == "The call has ended."
