package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.Expiry;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Scheme;
import cardsecure.dukpt.WorkingKeys;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Decrypts swipes, and takes a card only if all that the swipe says agrees. Its ciphertexts are not
/// authenticated, and a wrong key gives bytes like every other, so each of these has to hold: lengths, padding,
/// sentinels and the LRC characters of tracks, hashes, the track's fields, Luhn's check, the masked digits, the
/// expiry, and that all parts are of one card. Without state, safe for threads.
public final class SwipeOpener {
    private static final Set<String> CARD_TAGS = Set.of("57", "5A", "56", "9F6B");
    private static final String EXPIRY_TAG = "5F24";

    private final InstantSource clock;

    /// @param clock to tell whether an expiry is plausible
    public SwipeOpener(InstantSource clock) {
        this.clock = clock;
    }

    /// The card of a swipe.
    ///
    /// @param keys the site's
    /// @throws Refusal `0078` if there is no key for it, or something does not agree. The reason says what, and
    ///         is for the log alone: it would tell an attacker how far a ciphertext of his came
    public CardRead open(EncryptedSwipe swipe, SwipeKeys keys) {
        try {
            Source source = swipe.source();
            SwipeKey key = keys.find(source.ksn())
                    .orElseThrow(() -> new Unreadable(
                            SwipeStep.KEY_SET, source.ksn().keySet().digits() + " is not known"));
            return open(swipe, key);
        } catch (Unreadable e) {
            throw e.refusal();
        }
    }

    private CardRead open(EncryptedSwipe swipe, SwipeKey key) {
        Optional<Unreadable> first = Optional.empty();
        for (KeyVariant variant : variants(swipe.source(), key)) {
            SecretBytes workingKey = Unreadable.at(
                    SwipeStep.KEY,
                    () -> WorkingKeys.derive(key.baseKey(), swipe.source().ksn(), variant));
            try {
                return open(swipe, workingKey);
            } catch (Unreadable e) {
                first = first.or(() -> Optional.of(e));
            } finally {
                workingKey.destroy();
            }
        }
        throw first.orElseThrow();
    }

    /// The one that the operator named; else that of the swipe, and then the others that are in use.
    private static List<KeyVariant> variants(Source source, SwipeKey key) {
        if (key.variant().isPresent()) {
            return List.of(key.variant().get());
        }
        List<KeyVariant> variants = new ArrayList<>(source.variant().stream().toList());
        BaseKeyAlgorithm algorithm = key.baseKey().algorithm();
        List<KeyVariant> usual = algorithm.scheme() == Scheme.TDES
                ? List.of(KeyVariant.DATA_ONE_WAY, KeyVariant.PIN, KeyVariant.DATA_PLAIN)
                : List.of(KeyVariant.AES_128_DATA, KeyVariant.AES_192_DATA, KeyVariant.AES_256_DATA);
        usual.stream()
                .filter(variant -> variant.isOf(algorithm) && !variants.contains(variant))
                .forEach(variants::add);
        return variants;
    }

    private CardRead open(EncryptedSwipe swipe, SecretBytes key) {
        return switch (swipe) {
            case EncryptedSwipe.Tracks tracks -> tracks(tracks, key);
            case EncryptedSwipe.Keyed keyed -> keyed(keyed, key);
            case EncryptedSwipe.Tags tags -> tags(tags, key);
            case EncryptedSwipe.Container container -> container(container, key);
            case EncryptedSwipe.Bare bare -> bare(bare, key);
        };
    }

    private YearMonth now() {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    }

    /// What `read` makes of a clear text, which does not outlive it.
    static <T> T decrypted(Source source, SecretBytes key, SecretBytes ciphertext, Function<SecretBytes, T> read) {
        SecretBytes clear = source.cipher().decrypt(key, ciphertext);
        try {
            return read.apply(clear);
        } finally {
            clear.destroy();
        }
    }

    private CardRead tracks(EncryptedSwipe.Tracks swipe, SecretBytes key) {
        boolean keyed = swipe.entryMode() == EntryMode.KEYED;
        TrackOpening.Lrc sent = swipe.withLrc() ? TrackOpening.Lrc.PRESENT : TrackOpening.Lrc.ABSENT;
        // Nobody says whether a track that no stripe had has the stripe's LRC character.
        TrackOpening.Lrc lrc = keyed ? TrackOpening.Lrc.PERHAPS : sent;
        TrackOpening opening = new TrackOpening(lrc, swipe.zeroMasks(), now());
        List<Card> cards = new ArrayList<>();
        for (TrackBlock block : swipe.blocks()) {
            cards.addAll(decrypted(swipe.source(), key, block.ciphertext(), clear -> opening.open(block, clear)));
        }
        CardRead read = read(swipe.source(), swipe.entryMode(), cards, EmvTags.none());
        swipe.clearTrack3()
                .ifPresent(track -> require(
                        !contains(track, read.pan().normalised()),
                        SwipeStep.UNENCRYPTED,
                        "track 3 has the PAN in clear"));
        return read;
    }

    private static boolean contains(SecretBytes whole, SecretBytes part) {
        byte[] bytes = whole.reveal();
        byte[] wanted = part.reveal();
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /// `PAN=YYMM=`, and perhaps a verification value, which is left where it is.
    private CardRead keyed(EncryptedSwipe.Keyed swipe, SecretBytes key) {
        Card card = decrypted(swipe.source(), key, swipe.ciphertext(), clear -> {
            Unreadable.requireZeros(clear, swipe.length());
            SecretBytes text = SecretBytes.copyOf(clear.reveal(), 0, swipe.length());
            try {
                swipe.hash().ifPresent(hash -> TrackOpening.requireHash(hash, text));
                return keyed(text.reveal());
            } finally {
                text.destroy();
            }
        });
        return read(swipe.source(), EntryMode.KEYED, List.of(card), EmvTags.none());
    }

    private Card keyed(byte[] text) {
        int panEnd = digitsFrom(text, 0);
        int expiryEnd = panEnd + 1 + 4;
        boolean shaped = expiryEnd < text.length
                && text[panEnd] == '='
                && text[expiryEnd] == '='
                && digitsFrom(text, expiryEnd + 1) == text.length
                && text.length - expiryEnd - 1 <= 4;
        require(shaped, SwipeStep.TRACK, "what is keyed in is not PAN=YYMM=, with up to 4 digits after it");
        Card number = Card.of(SecretBytes.copyOf(text, 0, panEnd));
        Optional<Expiry> expiry = Expiry.ofYymm(text, panEnd + 1);
        require(expiry.isPresent(), SwipeStep.EXPIRY, "the expiry is no month");
        Card.requirePlausible(expiry.get(), now());
        return new Card(number.pan(), expiry, Optional.empty());
    }

    private static int digitsFrom(byte[] text, int from) {
        int end = from;
        while (end < text.length && text[end] >= '0' && text[end] <= '9') {
            end++;
        }
        return end;
    }

    private CardRead tags(EncryptedSwipe.Tags swipe, SecretBytes key) {
        TagOpening opening = new TagOpening(now());
        List<Card> cards = new ArrayList<>();
        for (EncryptedSwipe.EncryptedTag tag : swipe.tags()) {
            cards.add(decrypted(swipe.source(), key, tag.ciphertext(), clear -> opening.open(tag, clear)));
        }
        TrackOpening tracks = new TrackOpening(TrackOpening.Lrc.PERHAPS, false, now());
        swipe.track()
                .ifPresent(block -> cards.addAll(
                        decrypted(swipe.source(), key, block.ciphertext(), clear -> tracks.open(block, clear))));
        return read(swipe.source(), swipe.entryMode(), cards, swipe.clearTags());
    }

    private CardRead container(EncryptedSwipe.Container swipe, SecretBytes key) {
        return decrypted(swipe.source(), key, swipe.ciphertext(), clear -> {
            Unreadable.requireZeros(clear, swipe.length());
            require(clear.reveal()[0] == (byte) 0xFC, SwipeStep.SENTINEL, "the clear text is not in a tag FC");
            SecretBytes whole = SecretBytes.copyOf(clear.reveal(), 0, swipe.length());
            Tlv tlv = tlv(whole);
            try {
                require(tlv.isInside("FC"), SwipeStep.SENTINEL, "the clear text is not in one tag FC");
                EmvTags tags = EmvTags.of(tlv.items()).and(swipe.clearTags());
                return read(swipe.source(), IdTechEmv.entryMode(tlv), cards(tlv), tags);
            } finally {
                tlv.destroy();
                whole.destroy();
            }
        });
    }

    private static Tlv tlv(SecretBytes clear) {
        return Tlv.parse(clear.reveal(), 0, Set.of())
                .orElseThrow(() -> new Unreadable(SwipeStep.TRACK, "the clear text has tags that are none"));
    }

    private List<Card> cards(Tlv tlv) {
        TagOpening opening = new TagOpening(now());
        List<Card> cards = tlv.items().stream()
                .filter(item -> CARD_TAGS.contains(item.tag()))
                .map(item -> opening.card(item.tag(), item.value(), true))
                .toList();
        require(!cards.isEmpty(), SwipeStep.TRACK, "no tag of the clear text names the card");
        return cards;
    }

    /// Tracks begin with a sentinel; whatever else must be a tag with its value.
    private CardRead bare(EncryptedSwipe.Bare swipe, SecretBytes key) {
        CardRead read = decrypted(swipe.source(), key, swipe.ciphertext(), clear -> {
            byte first = clear.reveal()[0];
            if (first == '%' || first == ';') {
                List<Card> cards = new TrackOpening(TrackOpening.Lrc.PERHAPS, false, now()).openAll(clear);
                return read(swipe.source(), EntryMode.SWIPED, cards, EmvTags.none());
            }
            require(first == 0x57 || first == 0x5A, SwipeStep.SENTINEL, "neither a track nor a tag");
            Tlv tlv = tlv(clear);
            try {
                boolean cardsOnly = tlv.items().stream().allMatch(item -> CARD_TAGS.contains(item.tag()));
                require(cardsOnly, SwipeStep.TRACK, "the clear text has other tags");
                return read(swipe.source(), EntryMode.CHIP, cards(tlv), EmvTags.none());
            } finally {
                tlv.destroy();
            }
        });
        swipe.mask().ifPresent(mask -> PanMask.ofEither(mask).requireAgrees(read.pan(), Optional.of(read.expiry())));
        return read;
    }

    /// One card of all parts.
    private CardRead read(Source source, EntryMode entryMode, List<Card> cards, EmvTags emvTags) {
        Card first = cards.getFirst();
        cards.forEach(first::requireSame);
        Expiry expiry = cards.stream()
                .flatMap(card -> card.expiry().stream())
                .findFirst()
                .or(() -> expiry(emvTags))
                .orElseThrow(() -> new Unreadable(SwipeStep.EXPIRY, "nothing says when the card expires"));
        Card.requirePlausible(expiry, now());
        return new CardRead(
                first.pan(),
                expiry,
                track(cards, TrackData.Kind.ONE),
                track(cards, TrackData.Kind.TWO),
                emvTags,
                entryMode,
                source);
    }

    private static Optional<TrackData> track(List<Card> cards, TrackData.Kind kind) {
        return cards.stream()
                .flatMap(card -> card.track().stream())
                .filter(track -> track.kind() == kind)
                .findFirst();
    }

    /// `YYMMDD` in digits of four bits.
    private static Optional<Expiry> expiry(EmvTags tags) {
        return Optional.ofNullable(tags.values().get(EXPIRY_TAG))
                .map(value -> new Nibbles(value.reveal()))
                .filter(nibbles -> nibbles.length() == 6)
                .flatMap(nibbles -> Expiry.ofYymm(nibbles.text(0, 6), 0));
    }
}
