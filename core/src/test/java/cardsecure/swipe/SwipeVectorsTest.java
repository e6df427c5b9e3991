package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.HEX;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.WorkingKeys;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Frames and ciphertexts that makers, integrators and the legacy guide have published; they stand beside the
/// repository (`../shared/vectors/swipe`). Those with a known key must come out as published.
class SwipeVectorsTest {
    private static final Path SHARED = Path.of(System.getProperty("repository.root", ""), "..", "shared");

    /// ID TECH's demo card fails Luhn's check. All checks before it hold, and the tracks are those that are
    /// published.
    @TestFactory
    Stream<DynamicTest> framesWithAKnownKeyDecrypt() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode frame : samples("frames")) {
            if (!frame.get("bdk").isNull() && frame.get("integrity").asString().equals("ok")) {
                tests.add(dynamicTest(frame.get("id").asString(), () -> {
                    EncryptedSwipe swipe = READER.read(TestCards.secret(text(frame, "frame")));
                    JsonNode clear = frame.get("clear");

                    assertThat(decrypted(frame, swipe)).isEqualTo(text(clear, "t1") + text(clear, "t2"));
                    requireOnlyLuhnRefuses(frame, swipe);
                }));
            }
        }
        assertThat(tests).hasSize(2);
        return tests.stream();
    }

    /// The clear text of all tracks, without padding.
    private static String decrypted(JsonNode sample, EncryptedSwipe swipe) {
        SecretBytes key = WorkingKeys.derive(baseKey(sample), swipe.source().ksn(), variant(sample));
        StringBuilder tracks = new StringBuilder();
        for (EncryptedSwipe.TrackBlock block : ((EncryptedSwipe.Tracks) swipe).blocks()) {
            tracks.append(TestCards.text(swipe.source().cipher().decrypt(key, block.ciphertext()))
                    .replace("\0", ""));
        }
        return tracks.toString();
    }

    private static void requireOnlyLuhnRefuses(JsonNode sample, EncryptedSwipe swipe) {
        assertThat(Refusals.of(() -> OPENER.open(swipe, keys(sample))).reason())
                .isEqualTo("swipe, PAN: the PAN's check digit is wrong");
    }

    private static void requireOpens(JsonNode frame, String data) {
        CardRead read = OPENER.open(READER.read(TestCards.secret(data)), keys(frame));

        assertThat(track(read.track1())).isEqualTo(withoutLrc(text(frame.get("clear"), "t1")));
        assertThat(track(read.track2())).isEqualTo(withoutLrc(text(frame.get("clear"), "t2")));
        assertThat(read.entryMode()).isEqualTo(EntryMode.SWIPED);
    }

    @TestFactory
    Stream<DynamicTest> framesWithAnUnknownKeyAreReadAndRefusedForIt() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode frame : samples("frames")) {
            if (frame.get("bdk").isNull()) {
                tests.add(dynamicTest(frame.get("id").asString(), () -> {
                    EncryptedSwipe swipe = READER.read(TestCards.secret(text(frame, "frame")));

                    assertThat(swipe).isInstanceOf(EncryptedSwipe.Tracks.class);
                    assertThat(swipe.source().format()).isEqualTo(SwipeFormat.IDTECH_KEYBOARD);
                    requireUnknownKeySet(swipe);
                }));
            }
        }
        assertThat(tests).hasSize(3);
        return tests.stream();
    }

    private static void requireUnknownKeySet(EncryptedSwipe swipe) {
        Refusal refusal = Refusals.of(() -> OPENER.open(swipe, _ -> Optional.empty()));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
        assertThat(refusal.reason())
                .isEqualTo("swipe, key set: " + swipe.source().ksn().keySet().digits() + " is not known");
    }

    @Test
    void aFrameWhoseMaskWasEditedHasAWrongLrcAndOpensWithTheRightOne() throws IOException {
        JsonNode frame = sample("frames", "stay-kb-mixed");
        String text = text(frame, "frame");

        Refusal refusal = Refusals.of(() -> READER.read(TestCards.secret(text)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
        assertThat(refusal.reason()).startsWith("swipe, LRC:");

        String content = text.substring(6, text.length() - 6);
        SecretBytes mended =
                new FrameWriter(true).text(TestCards.secret(content)).frame();
        requireOpens(frame, TestCards.text(mended));
    }

    @Test
    void theGuidesSampleHoldsAndItsKeySetIsUnknown() throws IOException {
        Path guide = SHARED.resolve("reference").resolve("legacy-guide.txt");
        assumeTrue(Files.exists(guide), "the guide is missing: ../shared/reference beside the repository");
        Matcher line = Pattern.compile("(?m)^02E801801F4A.*$").matcher(Files.readString(guide));
        assertThat(line.find()).isTrue();

        EncryptedSwipe swipe = READER.read(TestCards.secret(line.group().strip()));

        assertThat(swipe.source().serialNumber()).contains("520T820234");
        assertThat(swipe.source().ksn().hex()).isEqualTo("CDCDCD070121090000AA");
        assertThat(swipe.source().variant()).contains(KeyVariant.DATA_ONE_WAY);
        assertThat(swipe.source().cipher()).isEqualTo(SwipeCipher.TDES);
        EncryptedSwipe.Tracks tracks = (EncryptedSwipe.Tracks) swipe;
        assertThat(tracks.blocks().stream().map(block -> block.ciphertext().length()))
                .containsExactly(80, 40);
        requireUnknownKeySet(swipe);
    }

    @TestFactory
    Stream<DynamicTest> ciphertextsDecrypt() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode raw : samples("raw")) {
            String id = raw.get("id").asString();
            if (!id.startsWith("node-dukpt")) {
                tests.add(dynamicTest(id, () -> {
                    Ksn ksn = Ksn.parseHex(text(raw, "ksn"));
                    SecretBytes key = WorkingKeys.derive(baseKey(raw), ksn, variant(raw));
                    SecretBytes ciphertext = SecretBytes.owning(HEX.parseHex(text(raw, "cipher")));
                    byte[] clear = SwipeCipher.TDES.decrypt(key, ciphertext).reveal();

                    assertThat(HEX.formatHex(clear)).startsWith(expected(raw));
                }));
            }
        }
        assertThat(tests).hasSize(6);
        return tests.stream();
    }

    private static String expected(JsonNode raw) {
        if (raw.has("cleartext")) {
            return HEX.formatHex(text(raw, "cleartext").getBytes(StandardCharsets.US_ASCII));
        }
        return raw.has("clearprefix") ? text(raw, "clearprefix") : text(raw, "clear");
    }

    /// A library's own example; a counter of 21 ones is one that readers skip, as all with more than ten.
    @Test
    void aKsnWhoseCounterNoReaderHasIsRefused() throws IOException {
        JsonNode raw = sample("raw", "node-dukpt-3des");
        SecretBytes data = TestCards.secret(text(raw, "ksn") + "|" + text(raw, "cipher"));

        assertThat(Refusals.of(() -> READER.read(data)).reason()).startsWith("swipe, KSN:");
    }

    @Test
    void theChipDataOfAnAugustaOpen() throws IOException {
        JsonNode raw = sample("raw", "augusta-quickchip-57");
        String tlv = "DFEE26022000DFEE120A" + text(raw, "ksn") + "5718" + text(raw, "cipher");

        CardRead read = OPENER.open(READER.read(TestCards.secret(tlv)), keys(raw));

        assertThat(TestCards.text(read.pan().normalised()))
                .isEqualTo(text(raw, "clear").substring(0, 16));
        assertThat(read.expiry().yymm()).isEqualTo(text(raw, "clear").substring(17, 21));
        // How many of its zeros are padding, nobody says.
        assertThat(read.track2()).isEmpty();
        assertThat(read.entryMode()).isEqualTo(EntryMode.CHIP);
    }

    /// The sample's text ends before its container does, so the container gets the length that it has.
    @Test
    void theChipDataOfAVp3300Open() throws IOException {
        JsonNode blob = sample("blobs", "vp3300-neo-tlv");
        String data = text(blob, "data");
        int at = data.indexOf("FF8105820180");
        String content = data.substring(at + 12);
        String whole = data.substring(0, at) + String.format("FF810582%04X", content.length() / 2) + content;

        EncryptedSwipe swipe = READER.read(TestCards.secret(whole));
        CardRead read = OPENER.open(swipe, keys(blob));

        assertThat(swipe.source().format()).isEqualTo(SwipeFormat.IDTECH_EMV_MARKED);
        assertThat(TestCards.text(read.pan().normalised())).isEqualTo(text(blob, "pan"));
        assertThat(read.expiry().yymm()).isEqualTo("2012");
        assertThat(read.track2()).isPresent();
        assertThat(read.entryMode()).isEqualTo(EntryMode.CONTACTLESS);
        assertThat(read.emvTags().values()).containsKeys("4F", "82", "9A");
        assertThat(Refusals.codeOf(() -> READER.read(TestCards.secret(data))))
                .isEqualTo(ErrorCode.INVALID_EMV_TAG_DATA);
    }

    /// The card of MagTek's manual fails Luhn's check too.
    @Test
    void theLineOfAMagTekDecrypts() throws IOException {
        JsonNode blob = sample("blobs", "magtek-kb-full");
        EncryptedSwipe swipe = READER.read(TestCards.secret(text(blob, "data")));
        String track1 = text(sample("raw", "magtek-t1"), "cleartext");

        assertThat(swipe.source().format()).isEqualTo(SwipeFormat.MAGTEK_KEYBOARD);
        assertThat(swipe.source().ksn().hex()).isEqualTo("FFFF9876543210E00008");
        assertThat(decrypted(blob, swipe)).isEqualTo(track1 + ";" + track1.substring(2, 18) + "=080432100000007250?");
        requireOnlyLuhnRefuses(blob, swipe);
    }

    @Test
    void theLineOfAMagTekHasACrcOverItsClearFields() throws IOException {
        String line = text(sample("blobs", "magtek-kb-full"), "data");

        Refusal refusal = Refusals.of(() -> READER.read(TestCards.secret(line.replace("HOGAN", "HOGAM"))));

        assertThat(refusal.reason()).startsWith("swipe, checksum:");
    }

    @Test
    void theChipDataOfADesktopAreReadAndTheirKeySetIsUnknown() throws IOException {
        JsonNode blob = sample("blobs", "cardpointe-desktop-emv");
        EncryptedSwipe swipe = READER.read(TestCards.secret(text(blob, "data")));

        assertThat(swipe).isInstanceOfSatisfying(EncryptedSwipe.Tags.class, tags -> {
            assertThat(tags.tags().stream().map(EncryptedSwipe.EncryptedTag::tag))
                    .containsExactly("57", "5A");
            assertThat(tags.tags()).allSatisfy(tag -> assertThat(tag.mask()).isPresent());
            assertThat(tags.track()).isPresent();
            assertThat(tags.clearTags().values())
                    .containsKeys("9F26", "9F36", "5F24")
                    .doesNotContainKeys("5F20", "57");
        });
        requireUnknownKeySet(swipe);
    }

    private static SwipeKeys keys(JsonNode sample) {
        return _ -> Optional.of(new SwipeKey(baseKey(sample), Optional.of(variant(sample))));
    }

    private static BaseKey baseKey(JsonNode sample) {
        return new BaseKey(BaseKeyAlgorithm.TDES, SecretBytes.owning(HEX.parseHex(text(sample, "bdk"))));
    }

    private static KeyVariant variant(JsonNode sample) {
        return text(sample, "variant").equals("pin") ? KeyVariant.PIN : KeyVariant.DATA_ONE_WAY;
    }

    private static String track(Optional<TrackData> track) {
        return TestCards.text(track.orElseThrow().text());
    }

    private static String withoutLrc(String track) {
        return track.substring(0, track.lastIndexOf('?') + 1);
    }

    private static String text(JsonNode node, String name) {
        return node.get(name).asString();
    }

    private static JsonNode samples(String kind) throws IOException {
        Path file = SHARED.resolve("vectors").resolve("swipe").resolve("samples.json");
        assumeTrue(Files.exists(file), "vectors are missing: ../shared/vectors/swipe beside the repository");
        return JsonMapper.shared().readTree(Files.readAllBytes(file)).get(kind);
    }

    private static JsonNode sample(String kind, String id) throws IOException {
        for (JsonNode sample : samples(kind)) {
            if (text(sample, "id").equals(id)) {
                return sample;
            }
        }
        throw new AssertionError("no sample " + id);
    }
}
