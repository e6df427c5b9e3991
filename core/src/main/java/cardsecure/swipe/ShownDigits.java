package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import java.util.List;
import java.util.function.Function;

/// Judges what a swipe shows of its card beside the ciphertexts, before they are decrypted. It is the caller's
/// word: to compare all of it with the card would tell a caller who changes it whether he guessed right.
final class ShownDigits {
    private ShownDigits() {}

    /// Makes sure that masks show few digits, and a third track in clear no card number.
    static void requireFew(EncryptedSwipe swipe) {
        switch (swipe) {
            case EncryptedSwipe.Tracks tracks -> {
                masks(tracks.blocks(), tracks.zeroMasks());
                tracks.clearTrack3().ifPresent(track -> track3(track, tracks.zeroMasks()));
            }
            case EncryptedSwipe.Tags tags -> {
                tags.tags()
                        .forEach(tag ->
                                tag.mask().ifPresent(shown -> mask(shown, value -> PanMask.ofTag(tag.tag(), value))));
                masks(tags.track().stream().toList(), false);
            }
            case EncryptedSwipe.Bare bare -> bare.mask().ifPresent(shown -> mask(shown, PanMask::ofEither));
            case EncryptedSwipe.Keyed _, EncryptedSwipe.Container _ -> {
                // They show nothing.
            }
        }
    }

    private static void masks(List<TrackBlock> blocks, boolean zeros) {
        blocks.stream()
                .flatMap(block -> block.parts().stream())
                .forEach(part -> part.mask()
                        .ifPresent(shown -> mask(shown, value -> PanMask.ofTrack(value, part.number(), zeros))));
    }

    /// @param shown is destroyed if it shows too much
    private static void mask(SecretBytes shown, Function<SecretBytes, PanMask> read) {
        PanMask mask = read.apply(shown);
        try {
            mask.requireHidden();
        } catch (Unreadable e) {
            shown.destroy();
            throw e;
        } finally {
            mask.destroy();
        }
    }

    /// @param track is destroyed if it has a card number
    private static void track3(SecretBytes track, boolean zeroMasks) {
        boolean clear =
                zeroMasks ? ClearTracks.isPanInMaskedTrack3(track.reveal()) : ClearTracks.isPanInTrack3(track.reveal());
        if (clear) {
            track.destroy();
        }
        require(!clear, SwipeStep.UNENCRYPTED, "track 3 has a card number in clear");
    }
}
