// Starts the page, when all sections have said how they are shown.
page.start();
