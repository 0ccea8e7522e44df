// swift-tools-version: 6.2
import PackageDescription

// Every target of ours treats warnings as errors; dependencies keep their own settings.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// In the program a file sees the members of what it imports itself: TOMLKit's import of Foundation would else lend String
// Foundation's methods, and 45 MB to the binary.
let shipped = strict + [.enableUpcomingFeature("MemberImportVisibility")]

let package = Package(
  name: "landlord",
  products: [
    .executable(name: "landlord", targets: ["landlord"]),
    .library(name: "TenantStore", targets: ["TenantStore"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
    // Transitive: named here only to pin it.
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
  ],
  targets: [
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw", .when(platforms: [.linux]))]),
    .target(name: "CSignals"),
    .target(name: "CPages", exclude: ["functions.order"]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: shipped),
    .target(
      name: "TenantStore",
      dependencies: [
        "Postgres",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [
        .embedInCode("Migrations/roles.sql"),
        .embedInCode("Migrations/m0001_registry.sql"),
        .embedInCode("Migrations/m0002_audit.sql"),
        .embedInCode("Migrations/m0003_tenant_triggers.sql"),
        .embedInCode("Migrations/m0004_requests.sql"),
        .embedInCode("Migrations/m0005_changes.sql"),
        .embedInCode("Migrations/m0006_installation.sql"),
        .embedInCode("Migrations/m0007_access.sql"),
        .embedInCode("Migrations/m0008_views.sql"),
        .embedInCode("Migrations/m0009_context.sql"),
        .embedInCode("Migrations/m0010_protect_refusals.sql"),
        .embedInCode("Migrations/m0011_protect_steps.sql"),
        .embedInCode("Migrations/m0012_protect.sql"),
        .embedInCode("Migrations/m0013_isolation_reach.sql"),
        .embedInCode("Migrations/m0014_limits.sql"),
        .embedInCode("Migrations/m0015_audit_list.sql"),
        .embedInCode("Migrations/m0016_blocks.sql"),
        .embedInCode("Migrations/m0017_doctor.sql"),
        .embedInCode("Migrations/m0018_lifecycle.sql"),
        .embedInCode("Migrations/m0019_outbox.sql"),
        .embedInCode("Migrations/m0020_intake.sql"),
        .embedInCode("Migrations/m0021_runs.sql"),
        .embedInCode("Migrations/m0022_purge.sql"),
        .embedInCode("Migrations/m0023_doors.sql"),
        .embedInCode("Migrations/m0024_enforcement.sql"),
      ],
      swiftSettings: shipped),
    .target(name: "Terminal", dependencies: ["CNcurses", "CSignals"], swiftSettings: shipped),
    .target(name: "Console", dependencies: ["Terminal", "TenantStore", "CPages"], swiftSettings: shipped),
    .executableTarget(
      name: "landlord",
      dependencies: [
        "Console", "TenantStore", "Postgres", "Terminal", "CPages",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      resources: [
        .embedInCode("../../themes/terminal.toml"),
        .embedInCode("../../themes/mono.toml"),
        .embedInCode("../../themes/high-contrast.toml"),
        .embedInCode("../../themes/deuteranopia.toml"),
        .embedInCode("../../themes/tritanopia.toml"),
        .embedInCode("../../themes/midnight.toml"),
        .embedInCode("../../themes/paper.toml"),
      ],
      swiftSettings: shipped),

    .systemLibrary(
      name: "CVTerm", path: "Tests/CVTerm", pkgConfig: "vterm", providers: [.apt(["libvterm-dev"])]),
    .target(
      name: "TestServer", dependencies: ["Postgres", "TenantStore"], path: "Tests/TestServer",
      swiftSettings: strict),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestServer"], swiftSettings: strict),
    .testTarget(
      name: "TenantStoreTests", dependencies: ["TenantStore", "Postgres", "TestServer"],
      swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
    .testTarget(
      name: "ConsoleTests", dependencies: ["Console", "Terminal", "TenantStore", "landlord", "TestServer"],
      swiftSettings: strict),
    .testTarget(
      name: "LandlordTests", dependencies: ["landlord", "TestServer"], swiftSettings: strict),
    .testTarget(
      name: "EndToEnd", dependencies: ["CVTerm", "Terminal", "TestServer", "landlord"], swiftSettings: strict),
    .testTarget(name: "HouseTests", swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
