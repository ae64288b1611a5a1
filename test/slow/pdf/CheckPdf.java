import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints whether veraPDF finds each file to be PDF/A-3a, and the rules that it breaks. */
public final class CheckPdf {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      try (var source = new FileInputStream(file);
          var parser = Foundries.defaultInstance().createParser(source, PDFAFlavour.PDFA_3_A);
          var validator = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFA_3_A, false)) {
        ValidationResult result = validator.validate(parser);
        System.out.println(file + " " + result.isCompliant() + " " + result.getTotalAssertions());
        for (TestAssertion one : result.getTestAssertions()) {
          System.out.println(one.getRuleId() + " " + one.getMessage() + " at " + one.getLocation());
        }
      }
    }
  }
}
