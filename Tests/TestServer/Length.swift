import Glibc

/// How long tests go on that could go on for ever, such as random input.
public enum Length {
  /// `script/test --long` asks for it. The quick form, a few seconds each, is part of every run.
  public static let isLong = getenv("LANDLORD_LONG_TESTS") != nil
}
