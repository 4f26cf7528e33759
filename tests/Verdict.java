import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints veraPDF's verdict on each PDF for each flavour, and below it the first rules that it breaks. */
public final class Verdict {
    private static final int SHOWN = 12;

    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int at = 1; at < args.length; at++) {
            for (String name : args[0].split(",")) {
                PDFAFlavour flavour = PDFAFlavour.fromString(name);
                try (InputStream content = new FileInputStream(args[at]);
                        PDFAParser parser = Foundries.defaultInstance().createParser(content, flavour)) {
                    say(Foundries.defaultInstance().createValidator(flavour, SHOWN, false, false, false).validate(parser),
                        name + " " + Path.of(args[at]).getFileName());
                }
            }
        }
    }

    private static void say(ValidationResult found, String of) {
        System.out.println((found.isCompliant() ? "PASS " : "FAIL ") + of + " " + found.getTotalAssertions());
        found.getTestAssertions().stream()
            .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
            .map(one -> "  " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage())
            .distinct().limit(SHOWN).forEach(System.out::println);
    }
}
