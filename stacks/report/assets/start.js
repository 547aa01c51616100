// Starts the page, when all sections have said how they are shown.
const { badge } = page.ui;
badge("access", page.model.principals.length);
badge("phi", page.phi.principals());
badge("ending", page.model.subscriptions.length);
badge("around", page.model.bypasses.length);
badge("grantors", page.model.grantors.length);
page.start();
