package cardsecure.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What `--mix` says.
sealed interface Mix {
    /// A larger weight says nothing more and would only cost memory.
    int WEIGHT_MAX = 1000;

    /// Each of them alone, one after the other.
    record EachAlone(List<Workload> workloads) implements Mix {
        /// Keeps a copy.
        public EachAlone {
            workloads = List.copyOf(workloads);
        }

        @Override
        public boolean contains(Workload workload) {
            return workloads.contains(workload);
        }
    }

    /// All at once, each as often as its weight says.
    record Together(Map<Workload, Integer> weights) implements Mix {
        /// Keeps a copy.
        public Together {
            weights = Map.copyOf(weights);
        }

        @Override
        public boolean contains(Workload workload) {
            return weights.containsKey(workload);
        }
    }

    /// Whether it asks for this.
    boolean contains(Workload workload);

    /// Reads `new`, `hi` … or `new=50`, `hi=50` …
    ///
    /// @throws IllegalArgumentException saying what is wrong
    static Mix parse(List<String> parts) {
        Map<Workload, Integer> weights = new EnumMap<>(Workload.class);
        int weighted = 0;
        for (String part : parts) {
            int equals = part.indexOf('=');
            String label = equals < 0 ? part : part.substring(0, equals);
            Workload workload = Workload.of(label.strip())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "--mix: no action " + label + "; there are " + Workload.labels()));
            weighted += equals < 0 ? 0 : 1;
            weights.put(
                    workload, equals < 0 ? 1 : weight(part.substring(equals + 1).strip()));
        }
        if (weighted != 0 && weighted != parts.size()) {
            throw new IllegalArgumentException("--mix: give each action a weight, or none");
        }
        return weighted == 0 ? new EachAlone(List.copyOf(weights.keySet())) : new Together(weights);
    }

    private static int weight(String text) {
        try {
            int weight = Integer.parseInt(text);
            if (weight > 0 && weight <= WEIGHT_MAX) {
                return weight;
            }
        } catch (NumberFormatException notEvenANumber) {
            // The same is to be said of it.
        }
        throw new IllegalArgumentException("--mix: a weight is a number from 1 to " + WEIGHT_MAX + ", not " + text);
    }
}
