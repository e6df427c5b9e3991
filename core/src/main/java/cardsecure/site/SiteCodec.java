package cardsecure.site;

import cardsecure.card.Domain;
import cardsecure.token.TokenFormat;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// A site as bytes, for the store: `key=value` lines in the form of [Properties], one a setting. A key that a later
/// version added is simply absent from what an earlier one wrote, and then has its usual value.
public final class SiteCodec {
    private static final String ID = "id";
    private static final String NAME = "name";
    private static final String FORMER_FORMATS = "former-formats-";

    private SiteCodec() {}

    /// The site's bytes, UTF-8.
    public static byte[] encode(Site site) {
        StringBuilder lines = new StringBuilder();
        line(lines, ID, String.valueOf(site.id().number()));
        line(lines, NAME, site.name());
        for (SiteSetting setting : SiteSetting.values()) {
            line(lines, setting.key(), setting.of(site));
        }
        for (Domain domain : Domain.values()) {
            String former = site.domain(domain).formerFormats().stream()
                    .map(TokenFormat::toString)
                    .collect(Collectors.joining(","));
            line(lines, FORMER_FORMATS + domain.letter(), former);
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The site of some bytes that [#encode] made.
    ///
    /// @throws IllegalArgumentException if they are no site
    public static Site decode(byte[] bytes) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
        } catch (IOException impossible) {
            throw new IllegalArgumentException("a string cannot fail to be read", impossible);
        }
        SiteId id = new SiteId(Integer.parseInt(lines.getProperty(ID, "0")));
        Site site = Site.named(id, lines.getProperty(NAME, ""));
        for (SiteSetting setting : SiteSetting.values()) {
            String value = lines.getProperty(setting.key(), setting.of(site));
            site = setting.set(site, setting == SiteSetting.HOSTS ? withoutImpossible(value) : value);
        }
        for (Domain domain : Domain.values()) {
            DomainSettings now = site.domain(domain);
            List<TokenFormat> former = new ArrayList<>();
            Arrays.stream(lines.getProperty(FORMER_FORMATS + domain.letter(), "")
                            .split(","))
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> former.add(TokenFormat.parse(text)));
            site = site.withDomain(domain, new DomainSettings(now.enabled(), now.format(), former));
        }
        return site;
    }

    /// Earlier versions took `[1:2]` for a host, which no request can be sent to.
    private static String withoutImpossible(String hosts) {
        return Arrays.stream(hosts.split(","))
                .filter(host ->
                        !Ipv6Host.isMeant(host) || Ipv6Host.canonical(host).isPresent())
                .collect(Collectors.joining(","));
    }

    private static void line(StringBuilder lines, String key, String value) {
        lines.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }
}
