// Package omop has the OMOP Common Data Model 5.4 as a contract, made from its published
// field list: 39 tables and 432 columns, as a hospital has them.
package omop
