package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.Expiry;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/// Decrypts swipes, and takes a card only if all that the swipe says agrees. Its ciphertexts are not
/// authenticated, and a wrong key gives bytes like every other, so each of these has to hold: lengths, padding,
/// sentinels and the LRC characters of tracks, hashes, the track's fields, Luhn's check, the masked digits, the
/// expiry, and that all parts are of one card. Random blocks pass for none with a likelihood above 1E-8.
/// Remembers of what it opened only which KSNs came with a wrong hash. Safe for threads.
public final class SwipeOpener {
    private static final Set<String> CARD_TAGS = Set.of("57", "5A", "56", "9F6B");

    private final HashChecks hashes = new HashChecks();
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
            ShownDigits.requireFew(swipe);
            Source source = swipe.source();
            SwipeKey key = keys.find(source.ksn())
                    .orElseThrow(() -> new Unreadable(SwipeStep.KEY_SET, source.keySetForLog() + " is not known"));
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

    /// The one that the operator named, or the PIN key, if a frame says so in place of the usual data key; else
    /// that of the swipe, and then the others that are in use.
    private static List<KeyVariant> variants(Source source, SwipeKey key) {
        if (key.variant().isPresent()) {
            KeyVariant named = key.variant().get();
            boolean pin = named == KeyVariant.DATA_ONE_WAY
                    && source.format().isEnhancedFrame()
                    && source.variant().filter(KeyVariant.PIN::equals).isPresent();
            return List.of(pin ? KeyVariant.PIN : named);
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

    /// Reads a clear text, which does not outlive that.
    private static void decrypted(Source source, SecretBytes key, SecretBytes ciphertext, Consumer<SecretBytes> read) {
        SecretBytes clear = source.cipher().decrypt(key, ciphertext);
        try {
            read.accept(clear);
        } finally {
            clear.destroy();
        }
    }

    /// What `read` makes of a clear text, which does not outlive it.
    private static CardRead decryptedCard(
            Source source, SecretBytes key, SecretBytes ciphertext, BiFunction<SecretBytes, Parts, CardRead> read) {
        return Parts.collect(parts -> {
            SecretBytes clear = source.cipher().decrypt(key, ciphertext);
            try {
                return read.apply(clear, parts);
            } finally {
                clear.destroy();
            }
        });
    }

    private TrackOpening.HashCheck hashesOf(Source source) {
        return (hash, clear) -> hashes.require(source.ksn(), hash, clear);
    }

    private CardRead tracks(EncryptedSwipe.Tracks swipe, SecretBytes key) {
        boolean keyed = swipe.entryMode() == EntryMode.KEYED;
        TrackOpening.Lrc sent = swipe.withLrc() ? TrackOpening.Lrc.PRESENT : TrackOpening.Lrc.ABSENT;
        // Nobody says whether a track that no stripe had has the stripe's LRC character.
        TrackOpening.Lrc lrc = keyed ? TrackOpening.Lrc.PERHAPS : sent;
        TrackOpening opening = new TrackOpening(lrc, swipe.zeroMasks(), hashesOf(swipe.source()), now());
        return Parts.collect(parts -> {
            for (TrackBlock block : swipe.blocks()) {
                decrypted(swipe.source(), key, block.ciphertext(), clear -> opening.open(block, clear, parts));
            }
            return parts.card(swipe.source(), swipe.entryMode(), EmvTags.none(), now());
        });
    }

    /// `PAN=YYMM=`, and perhaps a verification value, which is left where it is.
    private CardRead keyed(EncryptedSwipe.Keyed swipe, SecretBytes key) {
        return decryptedCard(swipe.source(), key, swipe.ciphertext(), (clear, parts) -> {
            Unreadable.requireZeros(clear, swipe.length());
            SecretBytes text = SecretBytes.copyOf(clear.reveal(), 0, swipe.length());
            try {
                parts.add(keyed(text.reveal()));
                swipe.hash().ifPresent(hash -> hashes.require(swipe.source().ksn(), hash, text));
            } finally {
                text.destroy();
            }
            return parts.card(swipe.source(), EntryMode.KEYED, EmvTags.none(), now());
        });
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
        boolean several = swipe.tags().size() > 1 || swipe.track().isPresent();
        TagOpening opening = new TagOpening(now(), several);
        TrackOpening tracks = new TrackOpening(TrackOpening.Lrc.PERHAPS, false, hashesOf(swipe.source()), now());
        return Parts.collect(parts -> {
            for (EncryptedSwipe.EncryptedTag tag : swipe.tags()) {
                decrypted(swipe.source(), key, tag.ciphertext(), clear -> parts.add(opening.open(tag, clear)));
            }
            swipe.track()
                    .ifPresent(block -> decrypted(
                            swipe.source(), key, block.ciphertext(), clear -> tracks.open(block, clear, parts)));
            return parts.card(swipe.source(), swipe.entryMode(), swipe.clearTags(), now());
        });
    }

    /// Of random blocks fewer than 1E-13 have the tag FC, a length that fits, and a tag 5A with a PAN in it.
    private CardRead container(EncryptedSwipe.Container swipe, SecretBytes key) {
        return decryptedCard(swipe.source(), key, swipe.ciphertext(), (clear, parts) -> {
            Unreadable.requireZeros(clear, swipe.length());
            require(clear.reveal()[0] == (byte) 0xFC, SwipeStep.SENTINEL, "the clear text is not in a tag FC");
            SecretBytes whole = SecretBytes.copyOf(clear.reveal(), 0, swipe.length());
            try {
                return withTags(whole, tlv -> {
                    require(tlv.isInside("FC"), SwipeStep.SENTINEL, "the clear text is not in one tag FC");
                    addCards(tlv, parts);
                    EmvTags tags = EmvTags.of(tlv.items()).and(swipe.clearTags());
                    return parts.card(swipe.source(), IdTechEmv.entryMode(tlv), tags, now());
                });
            } finally {
                whole.destroy();
            }
        });
    }

    /// What `read` makes of the tags of a clear text, which do not outlive it.
    private static CardRead withTags(SecretBytes clear, Function<Tlv, CardRead> read) {
        Tlv tlv = Tlv.parse(clear.reveal(), 0, Set.of())
                .orElseThrow(() -> new Unreadable(SwipeStep.TRACK, "the clear text has tags that are none"));
        try {
            return read.apply(tlv);
        } finally {
            tlv.destroy();
        }
    }

    private void addCards(Tlv tlv, Parts parts) {
        TagOpening opening = new TagOpening(now(), false);
        for (Tlv.Item item : tlv.items()) {
            if (CARD_TAGS.contains(item.tag())) {
                parts.add(opening.card(item.tag(), item.value(), true));
            }
        }
        require(parts.count() > 0, SwipeStep.TRACK, "no tag of the clear text names the card");
    }

    /// Tracks begin with a sentinel; whatever else must be a tag with its value. The expiry has to be inside too,
    /// so that a 5A alone is not enough: random blocks pass as a tag 57 with its length does.
    private CardRead bare(EncryptedSwipe.Bare swipe, SecretBytes key) {
        return decryptedCard(swipe.source(), key, swipe.ciphertext(), (clear, parts) -> {
            CardRead read = bare(swipe.source(), clear, parts);
            swipe.mask().ifPresent(mask -> PanMask.ofEither(mask).requireAgrees(read.pan()));
            return read;
        });
    }

    private CardRead bare(Source source, SecretBytes clear, Parts parts) {
        byte first = clear.reveal()[0];
        if (first == '%' || first == ';') {
            new TrackOpening(TrackOpening.Lrc.PERHAPS, false, hashesOf(source), now()).openAll(clear, parts);
            return parts.card(source, EntryMode.SWIPED, EmvTags.none(), now());
        }
        require(first == 0x57 || first == 0x5A, SwipeStep.SENTINEL, "neither a track nor a tag");
        return withTags(clear, tlv -> {
            boolean cardsOnly = tlv.items().stream().allMatch(item -> CARD_TAGS.contains(item.tag()));
            require(cardsOnly, SwipeStep.TRACK, "the clear text has other tags");
            addCards(tlv, parts);
            return parts.card(source, EntryMode.CHIP, EmvTags.none(), now());
        });
    }
}
