package cardsecure.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the name that somebody meant who typed another.
public final class NearestName {
    private static final int LENGTH_MAX = 64;

    private NearestName() {}

    /// The name among `known` that is nearest to `typed`, if one is near enough to be meant: at most two letters, and
    /// at most half of them, were added, dropped, changed or swapped with their neighbour.
    public static Optional<String> of(String typed, Collection<String> known) {
        if (typed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        int distanceMax = Math.min(2, Math.max(1, typed.length() / 2));
        return known.stream()
                .filter(name -> distance(typed, name) <= distanceMax)
                .min(Comparator.comparingInt((String name) -> distance(typed, name)));
    }

    /// The distance of Damerau and Levenshtein, in its restricted form.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
