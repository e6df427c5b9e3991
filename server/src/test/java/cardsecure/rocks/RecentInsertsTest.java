package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentInsertsTest {
    private final RecentInserts recent = new RecentInserts();

    private OptionalLong mark() {
        return OptionalLong.of(recent.mark());
    }

    @Test
    void onlyWhatWasInsertedSinceAMarkHasToBeLookedFor() {
        OptionalLong before = mark();
        recent.add(List.of(place("t1")));
        assertThat(recent.areWithout(place("t1"), before)).isFalse();
        assertThat(recent.areWithout(place("t2"), before)).isTrue();
        assertThat(recent.areWithout(place("t1"), mark())).isTrue();
        recent.add(List.of(place("t2")));
        assertThat(recent.areWithout(place("t2"), before)).isFalse();
        assertThat(recent.areWithout(place("t1"), before)).isFalse();
    }

    @Test
    void whatNobodyLookedForHasToBeLookedFor() {
        assertThat(recent.areWithout(place("t1"), OptionalLong.empty())).isFalse();
    }

    @Test
    void noMarkOfBeforeIsTrustedOnceAllIsForgotten() {
        OptionalLong before = mark();
        recent.forget();
        assertThat(recent.areWithout(place("t1"), before)).isFalse();
        assertThat(recent.areWithout(place("t1"), mark())).isTrue();
    }

    @Test
    void noInsertIsOverlookedHoweverManyThereAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, Integer> insertedIn = new HashMap<>();
        List<OptionalLong> marks = new ArrayList<>(List.of(mark()));
        for (int batch = 1; batch <= 4000; batch++) {
            List<Object> keys = new ArrayList<>();
            for (int i = 0; i < 27; i++) {
                int number = random.nextInt(200_000);
                keys.add(place("t" + number));
                insertedIn.put(number, batch);
            }
            recent.add(keys);
            marks.add(mark());
        }
        int lookedForInVain = 0;
        for (int i = 0; i < 200_000; i++) {
            int number = random.nextInt(200_000);
            // As of a request that has been on its way for a few batches, or for long.
            int since = marks.size() - 1 - (random.nextBoolean() ? random.nextInt(4) : random.nextInt(marks.size()));
            boolean without = recent.areWithout(place("t" + number), marks.get(since));
            if (insertedIn.getOrDefault(number, 0) > since) {
                assertThat(without)
                        .as("seed %d: %d since %d", seed, number, since)
                        .isFalse();
            } else if (since >= marks.size() - 4 && !without) {
                lookedForInVain++;
            }
        }
        // 81 keys of the last batches on 32,768 slots: one in four hundred.
        assertThat(lookedForInVain).as("seed %d", seed).isLessThan(1000);
    }
}
