package cardsecure.server;

import picocli.CommandLine.IVersionProvider;

/// The program's version, as its jar says it.
final class Version implements IVersionProvider {
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"cardsecure " + text()};
    }
}
